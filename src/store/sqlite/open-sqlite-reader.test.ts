import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { CONTRACT_PURE } from "../../testing/store-contract/contract-pure.ts";
import { Fixture, planOf } from "../../testing/store-contract/fixture.ts";
import type { Stores, StoresReader } from "../store.ts";
import { openSqliteReader } from "./open-sqlite-reader.ts";
import { openSqlite } from "./open-sqlite.ts";

const time = { time: Date.UTC(2026, 0, 1) };
const around = {
  clock: { now: () => time.time, defer: (callback: () => void) => void setImmediate(callback) },
  pure: CONTRACT_PURE,
};

let folder: string;
let path: string;
let stores: Stores;
let fixture: Fixture;
let reader: StoresReader;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "planwright-reader-"));
  path = join(folder, "planwright.db");
  stores = await openSqlite({ ...around, path, extendWal: false, ballastBytes: 0 });
  fixture = new Fixture(stores, time);
  await fixture.start("pln_1", planOf({ a: [], b: ["a"] }));
  reader = await openSqliteReader({ ...around, path });
});

afterEach(async () => {
  await reader[Symbol.asyncDispose]();
  await stores[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

describe("a reader beside the owner", () => {
  test("sees all that the owner has acknowledged, at once", async () => {
    const read = reader.forTenant("acme");
    const seen: unknown[] = [];
    const look = async (): Promise<void> => {
      seen.push(await read.read("pln_1", (plan) => [plan.status, plan.version]));
    };
    await look();
    await fixture.lease("pln_1");
    await look();
    await fixture.accept(fixture.reportCommand("pln_1", "a"));
    await look();
    expect(seen).toEqual([
      ["executing", 5],
      ["executing", 6],
      ["executing", 8],
    ]);
    expect(await read.events("pln_1")).toEqual(await fixture.store.events("pln_1"));
    expect(await read.plans()).toEqual(await fixture.store.plans());
    expect(await read.steps("pln_1")).toEqual(await fixture.store.steps("pln_1"));
    expect(await read.feed(null, 100)).toEqual(await fixture.store.feed(null, 100));
  });

  test("sees plans that came after it, and none that are not there", async () => {
    const read = reader.forTenant("late");
    expect(await read.read("pln_9", () => true)).toBeNull();
    await fixture.draft("pln_9", planOf({ a: [] }), { tenantId: "late" });
    expect(await read.read("pln_9", (plan) => plan.status)).toBe("draft");
  });

  test("tells what is due, who lives, and whether all is well", async () => {
    await stores.beginLease({ name: "one", host: "box", pid: 1, bootId: null }, time.time, 1000);
    const capabilities = new Set(["tool:std.echo"]);
    const query = { now: time.time, limit: 10, pools: ["default"], capabilities };
    expect(await reader.due(query)).toEqual(await stores.due(query));
    expect(await reader.leases()).toEqual(await stores.leases());
    expect(await reader.isReferenced("0".repeat(64))).toBe(false);
    expect(await reader.check()).toEqual([]);
  });

  test("S7: takes nothing from the owner by coming and going", async () => {
    const second = await openSqliteReader({ ...around, path });
    await second[Symbol.asyncDispose]();
    await fixture.lease("pln_1");
    await expect(openSqlite({ ...around, path })).rejects.toMatchObject({ code: "owned" });
    expect(await stores.check()).toEqual([]);
  });

  test("reads on when the owner has gone", async () => {
    await stores[Symbol.asyncDispose]();
    const status = await reader.forTenant("acme").read("pln_1", (plan) => plan.status);
    expect(status).toBe("executing");
    const another = await openSqliteReader({ ...around, path });
    expect(await another.check()).toEqual([]);
    await another[Symbol.asyncDispose]();
  });

  test("makes nothing where there is no store", async () => {
    const nowhere = { ...around, path: join(folder, "none", "planwright.db") };
    await expect(openSqliteReader(nowhere)).rejects.toMatchObject({ code: "unreachable" });
    const missing = { ...around, path: join(folder, "other.db") };
    await expect(openSqliteReader(missing)).rejects.toMatchObject({
      code: "unreachable",
      message: expect.stringContaining("there is no store"),
    });
  });
});
