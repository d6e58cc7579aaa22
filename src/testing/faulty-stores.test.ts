import { hash } from "node:crypto";
import { expect, test } from "vitest";
import { openMemory } from "../store/memory/open-memory.ts";
import { StoreFault, type LeaseHolder } from "../store/store.ts";
import { createFaultyStores, NO_FAULTS, type FaultKind } from "./faulty-stores.ts";
import { TEST_PURE } from "./given.ts";
import { SimulatedClock } from "./simulated-clock.ts";
import { SimulatedRuntime } from "./simulated-runtime.ts";

const HOLDER: LeaseHolder = { name: "worker", host: "here", pid: 1, bootId: null };

function open(kind: FaultKind | null, delayMsMax = 0) {
  const clock = new SimulatedClock();
  const network = new SimulatedRuntime({ clock, seed: 1, name: "network" });
  const stores = openMemory({
    clock,
    pure: TEST_PURE,
    sha256: (content) => hash("sha256", content),
  });
  const seen: string[] = [];
  const faulty = createFaultyStores(stores, {
    network,
    caller: "somebody",
    rates: () => (kind === null ? NO_FAULTS : { ...NO_FAULTS, [kind]: 1, delayMsMax }),
    onFault: (fault, operation) => seen.push(`${fault} ${operation}`),
  });
  const begin = (): Promise<unknown> =>
    clock.complete(() => faulty.beginLease(HOLDER, clock.now(), 1000)).catch((error) => error);
  return { clock, stores, begin, seen };
}

test("a call that is lost on its way there is not done", async () => {
  const { stores, begin, seen } = open("fail-before");
  const fault = await begin();
  expect(StoreFault.is(fault) && fault.code).toBe("unreachable");
  expect(await stores.leases()).toEqual([]);
  expect(seen).toEqual(["fail-before beginLease"]);
});

test("a call whose answer is lost is done all the same", async () => {
  const { stores, begin } = open("fail-after");
  const fault = await begin();
  expect(StoreFault.is(fault) && fault.retryable).toBe(true);
  expect(await stores.leases()).toHaveLength(1);
});

test.each(["busy", "full"] as const)("a store that is %s does nothing", async (kind) => {
  const { stores, begin } = open(kind);
  expect(StoreFault.is(await begin())).toBe(true);
  expect(await stores.leases()).toEqual([]);
});

test("a call that is doubled arrives a second time, later", async () => {
  const { clock, stores, begin } = open("duplicate", 100);
  await begin();
  expect(await stores.leases()).toHaveLength(1);
  await clock.advance(200);
  expect(await stores.leases()).toHaveLength(2);
});

test("without faults nothing is between caller and store", async () => {
  const { stores, begin, seen } = open(null);
  expect(await begin()).toMatch(/^wrk_/);
  expect(await stores.leases()).toHaveLength(1);
  expect(seen).toEqual([]);
});
