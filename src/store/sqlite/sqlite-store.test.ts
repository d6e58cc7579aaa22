import { expect, test } from "vitest";
import { decide } from "../../core/plan/decide.ts";
import { CONTRACT_PURE } from "../../testing/store-contract/contract-pure.ts";
import {
  BEGINNING,
  Fixture,
  planOf,
  SERVED,
  WORKER,
} from "../../testing/store-contract/fixture.ts";
import { GroupCommit } from "../group-commit.ts";
import { PlanCache } from "../plan-cache.ts";
import { StoreFault, type Stores } from "../store.ts";
import { openDriver } from "./driver.ts";
import { Ballast } from "./file/ballast.ts";
import { DiskGuard } from "./file/disk-guard.ts";
import { migrate } from "./migrate.ts";
import { openWriter } from "./open-connection.ts";
import { SqliteStore } from "./sqlite-store.ts";
import { SqliteWriter } from "./sqlite-writer.ts";

/** A store on a disk whose free space the test says. */
function openOnDisk(freeBytes: () => number) {
  const clock = {
    now: () => BEGINNING,
    defer: (callback: () => void) => void setImmediate(callback),
  };
  const driver = openWriter(openDriver, ":memory:");
  migrate(driver);
  const cache = new PlanCache();
  const digest = (text: string): string => CONTRACT_PURE.digest(text);
  const writer = new SqliteWriter({ driver, clock, cache, digest });
  const commits = new GroupCommit({ clock, pure: CONTRACT_PURE, cache, store: writer });
  const disk = new DiskGuard({ ballast: new Ballast("", 0), roomBytes: 1, freeBytes });
  const store = new SqliteStore("acme", { driver, writer, commits, disk });
  const fixture = new Fixture({ forTenant: () => store } as unknown as Stores, { time: BEGINNING });
  return { store, disk, fixture };
}

test("S12: on a full disk an outcome is put on record, and nothing is leased on with it", async () => {
  let free = 0;
  const { store, disk, fixture } = openOnDisk(() => free);
  await fixture.start("pln_1", planOf({ a: [], b: ["a"] }));
  await fixture.lease("pln_1");
  disk.failed(new StoreFault("full", "the disk is full", { retryable: true }));
  await expect(fixture.commit(fixture.leaseCommand("pln_1"))).rejects.toMatchObject({
    code: "full",
  });
  const offer = {
    workerId: WORKER,
    slots: 1,
    pools: ["default"],
    capabilities: SERVED,
    idle: true,
  };
  const report = fixture.command("attempt.report", {
    id: "report",
    data: {
      stepKey: "a",
      attempt: 1,
      workerId: WORKER,
      outcome: { kind: "succeeded", output: null },
      chance: 0,
      offer,
    },
  });
  const full = await store.commit(report, decide);
  expect(full).toMatchObject({ ok: true, leases: [] });
  expect(full.events.map(({ type }) => type)).toEqual(["step.succeeded", "step.readied"]);
  free = 1;
  const again = await store.commit(report, decide);
  expect(again).toMatchObject({ ok: true, leases: [], events: full.events });
});
