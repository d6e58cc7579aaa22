import { hash } from "node:crypto";
import { expect, test } from "vitest";
import { openMemory } from "../../../src/store/memory/open-memory.ts";
import type { PlanEvent } from "../../../src/core/plan/event.ts";
import type { Store, Stores } from "../../../src/store/store.ts";
import { Chance } from "../../../src/testing/chance.ts";
import { TEST_PURE } from "../../../src/testing/given.ts";
import { drawDiamond, JOIN } from "./diamond.ts";
import { Race } from "./race.ts";

/** What the race of a diamond finds wrong with a store that tells its log in another way. */
async function faultsOf(tell: (log: readonly PlanEvent[]) => readonly PlanEvent[]) {
  const stores = openMemory({
    clock: { now: () => 0, defer: (callback) => void setImmediate(callback) },
    pure: TEST_PURE,
    sha256: (content) => hash("sha256", content),
  });
  const told = { forTenant: (tenantId: string) => toldBy(stores.forTenant(tenantId), tell) };
  const openers = Array.from({ length: 8 }, () => told as unknown as Stores);
  const race = new Race(drawDiamond(new Chance(1), 1, openers.length), openers);
  await race.start();
  await race.leaseParents();
  await race.reportParents();
  await race.look(0);
  await race.leaseJoin();
  await race.reportJoin();
  await race.lookAtEnd(0);
  return race.faults;
}

function toldBy(store: Store, tell: (log: readonly PlanEvent[]) => readonly PlanEvent[]): Store {
  return {
    commit: store.commit.bind(store),
    read: store.read.bind(store),
    events: async (planId: string) => tell(await store.events(planId)),
  } as unknown as Store;
}

test("a diamond on a sound store has no fault", async () => {
  expect(await faultsOf((log) => log)).toEqual([]);
});

test("a join that was never readied is found out", async () => {
  const isReadied = ({ type, stepKey }: PlanEvent) => type === "step.readied" && stepKey === JOIN;
  expect(await faultsOf((log) => log.filter((event) => !isReadied(event)))).not.toEqual([]);
});

test("an event that was acknowledged and is not kept is found out", async () => {
  expect(await faultsOf((log) => log.slice(0, -1))).not.toEqual([]);
});

test("an event that is kept twice is found out", async () => {
  expect(await faultsOf((log) => [...log, ...log.slice(-1)])).not.toEqual([]);
});
