import { describe, expect, test } from "vitest";
import { DEFAULT_LIMITS } from "../core/limits.ts";
import type { PlanEventOf } from "../core/plan/event.ts";
import { evolve } from "../core/plan/evolve.ts";
import type { Plan, Revision } from "../core/plan/plan.ts";
import type { HeldPlan } from "./held-plan.ts";
import { PlanCache } from "./plan-cache.ts";

const REVISION: Revision = {
  number: 1,
  digest: "d",
  document: { plan: "Cached", steps: { a: { do: "tool", owner: "std.echo" } } },
  inputs: {},
  pins: { tools: {} },
};

const CREATED: PlanEventOf<"plan.created"> = {
  id: "pln_1/1",
  seq: 1,
  type: "plan.created",
  v: 1,
  time: "2026-01-01T00:00:00.000Z",
  tenantId: "acme",
  planId: "pln_1",
  actor: { kind: "person", id: "ann" },
  data: {
    name: "Cached",
    revision: 1,
    digest: "d",
    origin: { kind: "library", trust: "operator" },
    limits: DEFAULT_LIMITS,
  },
};

/** A plan of one step weighs 6. */
function held(running = 0): HeldPlan {
  const plan: Plan = evolve(null, CREATED, () => REVISION);
  for (let index = 0; index < running; index += 1) plan.running.set(String(index), true);
  return {
    no: 1,
    plan,
    hash: "",
    checkpointAt: 0,
    rowStatus: null,
    timers: new Map(),
    lanes: new Map(),
  };
}

describe("the cache of folded plans", () => {
  test("gives back the one that was put", () => {
    const cache = new PlanCache();
    const one = held();
    cache.put("one", one);
    expect(cache.get("one")).toBe(one);
    expect(cache.get("two")).toBeNull();
    cache.delete("one");
    expect(cache.get("one")).toBeNull();
  });

  test("lets go of what was used longest ago", () => {
    const cache = new PlanCache({ activeMax: 0, idleMax: 12 });
    cache.put("one", held());
    cache.put("two", held());
    cache.get("one");
    cache.put("three", held());
    expect(cache.get("two")).toBeNull();
    expect(cache.get("one")).not.toBeNull();
    expect(cache.get("three")).not.toBeNull();
  });

  test("keeps plans with work under way when those that wait are let go", () => {
    const cache = new PlanCache({ activeMax: 1000, idleMax: 6 });
    cache.put("busy", held(1));
    for (let index = 0; index < 100; index += 1) cache.put(`waiting ${index}`, held());
    expect(cache.size).toBe(2);
    expect(cache.get("busy")).not.toBeNull();
  });

  test("counts a plan as waiting when its work has ended", () => {
    const cache = new PlanCache({ activeMax: 1000, idleMax: 6 });
    const plan = held(1);
    cache.put("plan", plan);
    plan.plan.running.delete("0");
    cache.put("plan", plan);
    cache.put("other", held());
    expect(cache.get("plan")).toBeNull();
  });

  test("keeps the last one however heavy it is", () => {
    const cache = new PlanCache({ activeMax: 0, idleMax: 0 });
    cache.put("one", held());
    expect(cache.get("one")).not.toBeNull();
    cache.clear();
    expect(cache.size).toBe(0);
  });
});
