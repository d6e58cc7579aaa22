import { describe, expect, test } from "vitest";
import { TEST_PURE } from "../../testing/given.ts";
import { createTable, type Table } from "../table.ts";
import { evolve } from "../plan/evolve.ts";
import { decide } from "../plan/decide.ts";
import type { Plan } from "../plan/plan.ts";
import { Trial, type Steps, type TrialOptions } from "../trial.test-helper.ts";

const begin = (steps: Steps, options: Partial<TrialOptions> = {}) =>
  new Trial(steps, { pure: TEST_PURE, ...options });
const optional = { onFailure: "continue" } as const;

describe("a step that needs all of some others", () => {
  test("is ready in the very decision in which the last of them succeeds", () => {
    const trial = begin({ a: {}, b: {}, c: { needs: ["a", "b", "a"] } });
    expect(trial.succeed("a")).toEqual(["step.succeeded a#1"]);
    expect(trial.succeed("b")).toEqual(["step.succeeded b#1", "step.readied c"]);
  });

  test("is skipped as soon as one cannot be met, and so is what needs it, down to the end", () => {
    const trial = begin({ a: optional, b: {}, c: { needs: ["a", "b"] }, d: { needs: ["c"] } });
    trial.lease();
    expect(trial.fail("a")).toEqual([
      "step.failed a#1 (broken)",
      "step.skipped c (need-not-met)",
      "step.skipped d (need-not-met)",
    ]);
    expect(trial.last("step.skipped").data.need).toBe("c");
    expect(trial.succeed("b")).toEqual(["step.succeeded b#1", "plan.completed"]);
    expect(trial.plan.partial).toBe(true);
  });

  test("takes other ends for met where it says so", () => {
    const allow = ["failed", "skipped"] as const;
    const steps = { a: optional, b: { when: "false" }, c: { needs: { all: ["a", "b"], allow } } };
    const trial = begin(steps);
    expect(trial.fail("a")).toEqual(["step.failed a#1 (broken)", "step.readied c"]);
  });

  test("is skipped with a need that was skipped, where it does not allow that", () => {
    const allow = ["failed"] as const;
    const trial = begin({ a: { when: "false" }, b: { needs: { all: ["a"], allow } } });
    expect(trial.plan.status).toBe("completed");
    expect(trial.step("b")).toMatchObject({ status: "skipped", reason: "need-not-met" });
  });
});

describe("a step that needs any of some others", () => {
  test("is let go once by the first, and the others go on", () => {
    const trial = begin({ a: {}, b: {}, c: { needs: { any: ["a", "b"] } } });
    expect(trial.succeed("b")).toEqual(["step.succeeded b#1", "step.readied c"]);
    expect(trial.succeed("a")).toEqual(["step.succeeded a#1"]);
    expect(trial.succeed("c")).toEqual(["step.succeeded c#1", "plan.completed"]);
  });

  test("waits while one may still be met, and is skipped when none is", () => {
    const trial = begin({ a: optional, b: optional, c: { needs: { any: ["a", "b"] } } });
    expect(trial.fail("a")).toEqual(["step.failed a#1 (broken)"]);
    expect(trial.fail("b")).toEqual([
      "step.failed b#1 (broken)",
      "step.skipped c (need-not-met)",
      "plan.completed",
    ]);
  });

  test("may be let go by a need that ends otherwise, where it says so", () => {
    const trial = begin({
      a: optional,
      b: {},
      c: { needs: { any: ["a", "b"], allow: ["failed"] } },
    });
    expect(trial.fail("a")).toEqual(["step.failed a#1 (broken)", "step.readied c"]);
  });
});

test("two that end in one decision let what needs both go once", () => {
  const skipped = { when: "false" };
  const needs = { all: ["a", "b"], allow: ["skipped"] } as const;
  const trial = begin({ a: skipped, b: skipped, c: { needs } }, { upTo: "approved" });
  expect(trial.must({ type: "plan.start" })).toEqual([
    "plan.started",
    "step.skipped a (condition)",
    "step.skipped b (condition)",
    "step.readied c",
  ]);
});

test("two that end in one decision let what needs any of them go once", () => {
  const skipped = { when: "false" };
  const needs = { any: ["a", "b"], allow: ["skipped"] } as const;
  const trial = begin({ a: skipped, b: skipped, c: { needs } }, { upTo: "approved" });
  expect(trial.must({ type: "plan.start" }).slice(-1)).toEqual(["step.readied c"]);
});

test("what stands in line to be opened stays closed when the plan fails before its turn", () => {
  const trial = begin({ a: { when: "1" }, b: {} }, { upTo: "approved" });
  expect(trial.must({ type: "plan.start" })).toEqual([
    "plan.started",
    "step.failed a (expression)",
    "plan.failing (expression)",
    "step.cancelled b (plan-failing)",
    "plan.failed (expression)",
  ]);
});

test("a child that stands in line to be opened stays closed when its list is given up before its turn", () => {
  const wait = { until: "${{ item }}" };
  const list = { do: "wait", wait, forEach: "['never', '2030-01-01T00:00:00Z']" } as const;
  const trial = begin({ a: { ...list, onFailure: { fallback: "b" } }, b: {} });
  expect(trial.step("a.1")).toMatchObject({ status: "cancelled", reason: "parent-ended" });
  expect(trial.succeed("b")).toContain("plan.completed");
});

test("a chain of 10,000 skips is drawn in one decision, however deep", () => {
  const entries = Array.from({ length: 10_000 }, (_, index) => [
    `s${index}`,
    index === 0 ? { when: "false" } : { needs: [`s${index - 1}`] },
  ]);
  const steps: Steps = Object.fromEntries(entries);
  const trial = begin(steps, { limits: { stepsMax: 10_000 }, isChecked: false });
  expect(trial.plan).toMatchObject({ status: "completed", counts: { skipped: 10_000 } });
});

describe("the cost of a completion", () => {
  /** A table that counts how often it is read and written, and is never walked through. */
  function counted<V>(table: Table<V>, tally: { count: number }): Table<V> {
    const tick = <R>(result: R): R => {
      tally.count += 1;
      return result;
    };
    return {
      get: (key) => tick(table.get(key)),
      has: (key) => tick(table.has(key)),
      set: (key, value) => tick(table.set(key, value)),
      delete: (key) => tick(table.delete(key)),
      get size() {
        return tick(table.size);
      },
      entries: () => {
        throw new Error("a completion walks through a whole table");
      },
    };
  }

  function countedPlan(plan: Plan, tally: { count: number }): Plan {
    const entries = Object.entries(plan).map(([name, value]) => [
      name,
      value instanceof Map ? counted(value, tally) : value,
    ]);
    return Object.fromEntries(entries);
  }

  /** Table operations of deciding and remembering that the last of some parallel chains goes on. */
  function costOf(chains: number, fan: number): number {
    const steps: Record<string, Steps[string]> = {};
    for (let chain = 0; chain < chains; chain += 1) {
      steps[`a${chain}`] = {};
      for (let at = 0; at < fan; at += 1) steps[`b${chain}_${at}`] = { needs: [`a${chain}`] };
    }
    const text = { policy: { concurrency: chains } };
    const trial = begin(steps, { text, limits: { stepsMax: 10_000 }, isChecked: false });
    trial.lease({ slots: chains });
    const tally = { count: 0 };
    const plan = countedPlan(trial.plan, tally);
    const report = trial.reportOf(`a${chains - 1}`, { kind: "succeeded", output: null });
    const head = {
      id: "cmd_x",
      planId: "pln_1",
      at: trial.now,
      actor: { kind: "worker", id: "w" },
    } as const;
    const offer = {
      slots: 1,
      workerId: "w",
      pools: ["default"],
      capabilities: new Set(["agent"]),
      idle: false,
    };
    const decision = decide(plan, { ...head, ...report, offer }, TEST_PURE);
    expect(decision.events.map((event) => event.type)).toContain("attempt.started");
    for (const event of decision.events) evolve(plan, event, () => trial.revision);
    return tally.count;
  }

  test("does not grow with the plan", () => {
    expect(costOf(2000, 1)).toBe(costOf(5, 1));
  });

  test("grows with the number of steps that need the completed one, and no faster", () => {
    const [one, two, three] = [costOf(2, 10), costOf(2, 20), costOf(2, 30)];
    expect(two - one).toBe(three - two);
  });

  test("the counting table is a table", () => {
    const tally = { count: 0 };
    const table = counted(createTable<number>(), tally);
    table.set("a", 1);
    expect([table.get("a"), table.has("a"), table.size, tally.count]).toEqual([1, true, 1, 4]);
    table.delete("a");
    expect(() => table.entries()).toThrow("whole table");
  });
});
