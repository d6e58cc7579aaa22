import { describe, expect, test } from "vitest";
import { TEST_PURE } from "../../testing/given.ts";
import { Trial, type Steps } from "../trial.test-helper.ts";
import { keysOfGraph } from "./keys-of.ts";
import type { LimitKey } from "./limit-key.ts";
import { TakeSum } from "./take-changes.ts";

function begin(steps: Steps, limits: Readonly<Record<string, number>>): Trial {
  const trial = new Trial(steps, { pure: TEST_PURE });
  for (const [key, max] of Object.entries(limits)) trial.limits.set(key as LimitKey, max);
  return trial;
}

describe("a worker that asks for work", () => {
  test("gets no more than the limits have room for, and the log says what was taken", () => {
    const trial = begin({ a: {}, b: {}, c: {} }, { tenant: 2, "pool:default": 5 });
    expect(trial.lease()).toEqual(["attempt.started a#1", "attempt.started b#1"]);
    expect(trial.last("attempt.started").data.takes).toEqual(["pool:default", "tenant"]);
    expect(trial.lease()).toEqual([]);
  });

  test("gets what needs nothing of a full limit, though others stand before it", () => {
    const steps = { a: { pool: "gpu", priority: 9 }, b: {} };
    const trial = begin(steps, { "pool:gpu": 0 });
    expect(trial.lease({ pools: ["gpu", "default"] })).toEqual(["attempt.started b#1"]);
    expect(trial.last("attempt.started").data).not.toHaveProperty("takes");
  });

  test("hears which limits had no room", () => {
    const trial = begin({ a: {} }, { tenant: 0, "owner:agent": 0, "pool:default": 1 });
    const offer = {
      workerId: "wrk_1",
      slots: 1,
      pools: ["default"],
      capabilities: new Set(["agent"]),
      idle: true,
    };
    expect(trial.try({ type: "attempt.lease", offer })).toMatchObject({
      ok: true,
      withheld: ["owner:agent", "tenant"],
    });
    trial.limits.clear();
    expect(trial.try({ type: "attempt.lease", offer })).not.toHaveProperty("withheld");
  });

  test("uses up a budget, which nobody gives back", () => {
    const trial = begin({ a: {}, b: {} }, { "budget:attempts": 1 });
    trial.succeed("a");
    expect(trial.lease()).toEqual([]);
    expect(trial.taken.changes()).toEqual([{ key: "budget:attempts", delta: 1 }]);
  });
});

describe("a worker that reports and asks for more", () => {
  const offer = {
    workerId: "wrk_1",
    slots: 1,
    pools: ["default"],
    capabilities: new Set(["agent"]),
    idle: true,
  };

  test("does not get what it gives back where that is all there is: others stand in line", () => {
    const trial = begin({ a: {}, b: {} }, { "pool:default": 1 });
    trial.lease();
    const report = { ...trial.reportOf("a", { kind: "succeeded", output: null }), offer };
    expect(trial.try(report)).toMatchObject({
      ok: true,
      leases: [],
      freed: ["pool:default"],
      withheld: ["pool:default"],
    });
    expect(trial.lease()).toEqual(["attempt.started b#1"]);
  });

  test("gets more where there is room besides, and nobody needs to be told", () => {
    const trial = begin({ a: {}, b: {} }, { "pool:default": 2 });
    trial.lease({ slots: 1 });
    const report = { ...trial.reportOf("a", { kind: "succeeded", output: null }), offer };
    const decision = trial.try(report);
    expect(decision).toMatchObject({ ok: true, leases: [{ stepKey: "b" }] });
    expect(decision).not.toHaveProperty("freed");
  });

  test("tells others of what was taken of a limit that is not known any more", () => {
    const trial = begin({ a: {} }, { tenant: 5 });
    trial.lease();
    trial.limits.clear();
    const decision = trial.try(trial.reportOf("a", { kind: "succeeded", output: null }));
    expect(decision).toMatchObject({ ok: true, freed: ["tenant"] });
  });
});

describe("what an attempt has taken comes back", () => {
  const retried = { retry: { attempts: 2, first: "0s" } };
  const endings: Readonly<Record<string, (trial: Trial) => unknown>> = {
    "when it succeeds": (trial) => trial.succeed("a"),
    "when it fails for good": (trial) => trial.fail("a"),
    "when it fails and is tried again": (trial) => trial.fail("a", { retryable: true }),
    "when it is lost": (trial) => trial.lose("a"),
    "when its plan is cancelled": (trial) => trial.must({ type: "plan.cancel", mode: "stop" }),
    "when its step is completed by hand": (trial) =>
      trial.must({ type: "step.complete", stepKey: "a", output: 1, note: "done" }),
  };
  for (const [when, end] of Object.entries(endings)) {
    test(`all of it, ${when}`, () => {
      const trial = begin({ a: { ...retried, effect: "none" } }, { tenant: 1, "owner:agent": 1 });
      trial.lease();
      expect(trial.taken.of("tenant")).toBe(1);
      end(trial);
      expect(trial.taken.changes()).toEqual([]);
    });
  }
});

test("a plan names what any of its attempts may take", () => {
  const { graph } = begin({ a: { pool: "gpu" }, b: { do: "tool", owner: "mail" } }, {}).plan;
  const keys = [
    "budget:attempts",
    "owner:agent",
    "pool:gpu",
    "tenant",
    "owner:tool:mail",
    "pool:default",
  ];
  expect([...keysOfGraph(graph)]).toEqual(keys);
  expect(keysOfGraph(graph)).toBe(keysOfGraph(graph));
});

test("takes are added up in the order of keys, and what comes to nothing is none", () => {
  const sum = new TakeSum();
  expect(sum.isEmpty).toBe(true);
  sum.add([
    { key: "tenant", delta: 1 },
    { key: "pool:gpu", delta: 2 },
    { key: "owner:agent", delta: 1 },
    { key: "pool:tpu", delta: -1 },
  ]);
  sum.add([{ key: "owner:agent", delta: -1 }]);
  expect(sum.isEmpty).toBe(false);
  expect(sum.changes()).toEqual([
    { key: "pool:gpu", delta: 2 },
    { key: "pool:tpu", delta: -1 },
    { key: "tenant", delta: 1 },
  ]);
});
