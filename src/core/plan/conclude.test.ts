import { describe, expect, test } from "vitest";
import { TEST_PURE } from "../../testing/given.ts";
import { Trial, type Steps, type TrialOptions } from "../trial.test-helper.ts";
import { conditionOf } from "./condition.ts";

const begin = (steps: Steps, options: Partial<TrialOptions> = {}) =>
  new Trial(steps, { pure: TEST_PURE, ...options });

describe("a plan whose steps have all ended", () => {
  test("is completed with the answer that its text asks for", () => {
    const trial = begin({ a: {} }, { text: { answer: "steps.a.output.n + 1" } });
    expect(trial.succeed("a", { n: 1 })).toEqual(["step.succeeded a#1", "plan.completed"]);
    expect(trial.plan).toMatchObject({ status: "completed", answer: 2, partial: false });
  });

  test("is completed without one where it asks for none", () => {
    const trial = begin({ a: {} });
    trial.succeed("a", { n: 1 });
    expect(trial.last("plan.completed").data).toEqual({ partial: false });
  });

  test("fails where its answer cannot be made", () => {
    const trial = begin({ a: {} }, { text: { answer: "1 / 0" } });
    expect(trial.succeed("a")).toEqual([
      "step.succeeded a#1",
      "plan.failing (expression)",
      "plan.failed (expression)",
    ]);
    expect(trial.plan.error?.message).toMatch(/^`answer`: /);
  });

  test("is blocked where it must be verified and is not, until a person ends it", () => {
    const steps = { a: { when: "false", verify: { checks: [{ expression: "true" }] } } };
    const trial = begin(steps, { text: { policy: { verification: "required" } } });
    expect(trial.plan.status).toBe("executing");
    expect(conditionOf(trial.plan)).toBe("blocked");
    expect(trial.must({ type: "plan.finish", result: "failure" })).toContain(
      "plan.failed (finished)",
    );
  });

  test("and fails is not held up by a verification that is missing", () => {
    const steps = { a: { verify: { checks: [{ expression: "false" }] } } };
    const trial = begin(steps, { text: { policy: { verification: "required" } } });
    expect(trial.succeed("a")).toContain("plan.failed (verification-failed)");
  });
});

describe("what an executing plan is doing", () => {
  const ask = { do: "human", request: { kind: "approval", title: "Go?" } } as const;

  test("is nothing to speak of while it does not execute", () => {
    expect(conditionOf(begin({ a: {} }, { upTo: "approved" }).plan)).toBeNull();
    const done = begin({ a: { when: "false" } });
    expect(conditionOf(done.plan)).toBeNull();
  });

  test("is running while something runs or may start", () => {
    const trial = begin({ a: {}, b: ask });
    expect(conditionOf(trial.plan)).toBe("running");
    trial.lease();
    expect(conditionOf(trial.plan)).toBe("running");
  });

  test("is waiting for people, timers and signals", () => {
    expect(conditionOf(begin({ a: ask }).plan)).toBe("waiting");
    expect(conditionOf(begin({ a: { at: "2030-01-01T00:00:00Z" } }).plan)).toBe("waiting");
    const held = begin({ a: ask, b: {} }, { text: { policy: { onRequest: "pause" } } });
    expect(conditionOf(held.plan)).toBe("waiting");
    held.answer("a", { approved: true });
    expect(conditionOf(held.plan)).toBe("running");
  });

  test("is running in the moment before it is completed", () => {
    const trial = begin({ a: {} });
    trial.succeed("a");
    const { plan } = trial;
    expect(conditionOf({ ...plan, status: "executing" })).toBe("running");
  });

  test("is cancelling or failing on its way to an end", () => {
    const trial = begin({ a: {}, b: {} });
    trial.lease();
    trial.fail("a");
    expect(conditionOf(trial.plan)).toBe("failing");
    trial.must({ type: "plan.cancel", mode: "drain" });
    expect(conditionOf(trial.plan)).toBe("cancelling");
  });
});
