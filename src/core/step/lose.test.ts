import { describe, expect, test } from "vitest";
import { TEST_PURE } from "../../testing/given.ts";
import { Trial, type Steps, type TrialOptions } from "../trial.test-helper.ts";

const begin = (steps: Steps, options: Partial<TrialOptions> = {}) =>
  new Trial(steps, { pure: TEST_PURE, ...options });

function loseOften(trial: Trial, times: number): void {
  for (let time = 0; time < times; time += 1) trial.lose("a");
}

describe("an attempt whose worker is gone", () => {
  test("starts again where that does no harm, and counts as a recovery, not as a failure", () => {
    const trial = begin({ a: { effect: "repeatable", retry: { attempts: 1 } } });
    expect(trial.lose("a")).toEqual(["attempt.lost a#1 (worker-gone)", "step.readied a"]);
    expect(trial.lease()).toEqual(["attempt.started a#2"]);
    expect(trial.last("attempt.started").data).toMatchObject({ failures: 0, recoveries: 1 });
    expect(trial.last("attempt.lost").data.workerId).toBe("wrk_1");
  });

  test("runs alone after three recoveries, and is set aside after two more", () => {
    const trial = begin({ a: { effect: "none" } });
    loseOften(trial, 3);
    expect(trial.lease({ idle: false })).toEqual([]);
    expect(trial.lease()).toEqual(["attempt.started a#4"]);
    expect(trial.leases[0]?.alone).toBe(true);
    trial.lose("a");
    expect(trial.lose("a")).toEqual([
      "attempt.lost a#5 (worker-gone)",
      "request.created a (set-aside)",
      "step.waiting a (set-aside)",
    ]);
    expect(trial.last("request.created").data).toMatchObject({
      title: '"a" was set aside',
      message: "5 attempts ended with the worker that ran them.",
    });
  });

  test("is set aside again after a person has let it go on, if it costs one more worker", () => {
    const trial = begin({ a: { effect: "none" } }, { limits: { recoveriesMax: 1 } });
    trial.lose("a");
    expect(trial.answer("a", "retry")).toEqual(["request.decided a", "step.readied a"]);
    expect(trial.lose("a", "drained")).toEqual(["attempt.lost a#2 (drained)", "step.readied a"]);
    expect(trial.lose("a")).toContain("step.waiting a (set-aside)");
    expect(trial.answer("a", "skip")).toContain("step.skipped a (operator)");
  });

  test("is not begun again by itself where its effect must not happen twice", () => {
    const trial = begin({ a: { effect: "once" } });
    expect(trial.lose("a")).toEqual([
      "attempt.lost a#1 (worker-gone)",
      "request.created a (ambiguous-effect)",
      "step.waiting a (ambiguous-effect)",
    ]);
    expect(trial.last("request.created").data).toMatchObject({
      title: 'Did "a" take effect?',
      options: [{ value: "succeeded" }, { value: "retry" }, { value: "fail" }],
    });
  });

  test.each([
    [{ choice: "succeeded", output: { n: 1 } }, "step.succeeded a", { output: { n: 1 } }],
    ["succeeded", "step.succeeded a", { output: null }],
    ["retry", "step.readied a", { status: "ready" }],
    ["fail", "step.failed a (ambiguous-effect)", { status: "failed" }],
  ])("and whose effect is in doubt does what a person says: %j", (answer, told, state) => {
    const trial = begin({ a: { effect: "once", onFailure: "continue" } });
    trial.lose("a");
    expect(trial.answer("a", answer)).toContain(told);
    expect(trial.step("a")).toMatchObject(state);
  });

  test("and whose success a person vouches for is marked as said by hand", () => {
    const trial = begin({ a: { effect: "once" } });
    trial.lose("a");
    trial.answer("a", "succeeded");
    expect(trial.last("step.succeeded").data.manual).toEqual({ note: "ada says that it happened" });
  });
});

test("work that was put down in good order is no recovery, however often", () => {
  const trial = begin({ a: { effect: "none" } }, { limits: { recoveriesMax: 1 } });
  for (let time = 0; time < 10; time += 1) trial.lose("a", "drained");
  expect(trial.step("a")).toMatchObject({ status: "ready", recoveries: 0, attempt: 10 });
});

test("an attempt that is not under way cannot be lost", () => {
  const trial = begin({ a: {} });
  const lose = { type: "attempt.lose", stepKey: "a", attempt: 1, reason: "worker-gone" } as const;
  expect(trial.try(lose)).toMatchObject({
    refusal: { code: "stale-attempt", current: 0 },
    events: [],
  });
  trial.lease();
  expect(trial.refused({ ...lose, attempt: 2 })).toBe("stale-attempt");
  expect(trial.try({ ...lose, stepKey: "nobody" })).toMatchObject({ refusal: { current: 0 } });
});

describe("an attempt that is lost while its plan is ending", () => {
  test("fails with it, and it is said that nobody knows whether it took effect", () => {
    const trial = begin({ a: { effect: "none" }, b: {} });
    trial.lease();
    trial.fail("b");
    expect(trial.lose("a")).toEqual([
      "attempt.lost a#1 (worker-gone)",
      "step.failed a (lost)",
      "plan.failed (broken)",
    ]);
    expect(trial.step("a")).toMatchObject({ error: { code: "lost", ambiguous: true } });
  });

  test("is cancelled with one that is drained", () => {
    const trial = begin({ a: { effect: "once" } });
    trial.lease();
    trial.must({ type: "plan.cancel", mode: "drain" });
    expect(trial.lose("a")).toContain("step.cancelled a (plan-cancelled)");
  });
});
