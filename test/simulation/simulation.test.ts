import { beforeAll, describe, expect, test } from "vitest";
import { simulate } from "../../src/testing/simulation/simulate.ts";
import { watchGlobals } from "./watch-globals.ts";
import { REQUIRED } from "./required.ts";
import { runBatch, tellFailure, type Batch } from "./run-batch.ts";
import { SEEDS } from "./seeds.ts";

const SEED_COUNT = 300;
const PATIENCE_MS = 300_000;

describe("a batch of seeds", () => {
  let batch: Batch;
  beforeAll(async () => {
    batch = await runBatch({ from: 1, seeds: SEED_COUNT });
  }, PATIENCE_MS);

  test("whatever fails meanwhile, every promise is kept and every plan comes to its end", () => {
    expect(batch.failed.map(tellFailure)).toEqual([]);
    expect(batch.seeds).toBe(SEED_COUNT);
  });

  test("the same seed gives the same log", () => {
    expect(batch.unrepeatable).toEqual([]);
  });

  test("everything that may happen to a plan and its processes has happened", () => {
    expect(REQUIRED.filter((what) => batch.sightings.count(what) === 0)).toEqual([]);
  });

  test("work is done, in hours that take no time", () => {
    expect(batch.events).toBeGreaterThan(SEED_COUNT * 40);
    expect(batch.simulatedMs).toBeGreaterThan(SEED_COUNT * 60_000);
  });
});

describe("seeds that once found something", () => {
  test.each(SEEDS)("seed $seed: $broke", async ({ seed }) => {
    expect((await simulate(seed)).violations).toEqual([]);
  });
});

describe("the simulation itself", () => {
  test("one seed has the same history on every store", async () => {
    for (const seed of [3, 14, 15, 92, 65]) {
      const memory = await simulate(seed, { swarm: { store: "memory" } });
      const sqlite = await simulate(seed, { swarm: { store: "sqlite", waveFaultRate: 0 } });
      expect(sqlite.digest).toBe(memory.digest);
    }
  });

  test("neither engine nor store uses the machine's own time or chance", async () => {
    using globals = watchGlobals();
    for (const seed of [1, 2, 3, 4, 5]) await simulate(seed);
    expect(globals.uses).toEqual([]);
  });

  test("a plan that is left out is not carried out", async () => {
    const all = await simulate(7, { swarm: { plans: 2 } });
    const one = await simulate(7, { swarm: { plans: 2 }, withoutPlans: [1] });
    expect(all.plans.some(({ planId }) => planId === "pln_1")).toBe(true);
    expect(one.plans.some(({ planId }) => planId === "pln_1")).toBe(false);
  });
});
