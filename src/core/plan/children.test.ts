import { describe, expect, test } from "vitest";
import { TEST_PURE } from "../../testing/given.ts";
import { Trial, type Steps, type TrialOptions } from "../trial.test-helper.ts";

const begin = (steps: Steps, options: Partial<TrialOptions> = {}) =>
  new Trial(steps, { pure: TEST_PURE, ...options });
const sub = { do: "plan", plan: { plan: "Sub", steps: { a: { do: "agent" } } } } as const;

function waiting(trial: Trial, stepKey = "a") {
  const childPlanId = trial.last("step.waiting").data.childPlanId ?? "";
  return { stepKey, childPlanId };
}

describe("a sub-plan", () => {
  test("is told to be there", () => {
    const trial = begin({ a: sub });
    expect(trial.must({ type: "child.acknowledge", ...waiting(trial) })).toEqual([
      "child.started a",
    ]);
    expect(trial.step("a").status).toBe("waiting");
  });

  test("that completes brings its answer to the step", () => {
    const trial = begin({ a: sub, b: { needs: ["a"] } });
    const child = waiting(trial);
    const report = { status: "completed", partial: false, answer: { n: 1 } } as const;
    expect(trial.must({ type: "child.report", ...child, ...report })).toEqual([
      "child.ended a",
      "step.succeeded a",
      "step.readied b",
    ]);
    expect(trial.step("a")).toMatchObject({
      output: { planId: child.childPlanId, answer: { n: 1 } },
      partial: null,
    });
    expect(trial.plan.children.size).toBe(0);
  });

  test("that completes in part, and without an answer, leaves its step partial", () => {
    const trial = begin({ a: sub });
    trial.must({ type: "child.report", ...waiting(trial), status: "completed", partial: true });
    expect(trial.step("a")).toMatchObject({
      output: { answer: null },
      partial: "the sub-plan completed in part",
    });
    expect(trial.plan).toMatchObject({ status: "completed", partial: true });
  });

  test.each([
    ["failed", { code: "x", message: "It broke", retryable: false }, "was failed: It broke"],
    ["cancelled", undefined, "was cancelled"],
    ["rejected", undefined, "was rejected"],
  ] as const)("that is %s fails its step", (status, error, message) => {
    const trial = begin({ a: sub });
    const child = waiting(trial);
    const more = error === undefined ? {} : { error };
    const told = trial.must({ type: "child.report", ...child, status, partial: false, ...more });
    expect(told).toContain("step.failed a (sub-plan)");
    expect(trial.plan.error).toMatchObject({
      message: `the sub-plan ${child.childPlanId} ${message}`,
      details: { planId: child.childPlanId },
    });
  });

  test("may have a stand-in for its step", () => {
    const trial = begin({ a: { ...sub, onFailure: { fallback: "b" } }, b: {} });
    const told = trial.must({
      type: "child.report",
      ...waiting(trial),
      status: "failed",
      partial: false,
    });
    expect(told).toEqual(["child.ended a", "step.waiting a (fallback)", "step.readied b"]);
  });

  test("whose answer is too large to hand on fails its step", () => {
    const trial = begin({ a: sub }, { limits: { valueBytesMax: 80 } });
    const answer = "x".repeat(60);
    trial.must({
      type: "child.report",
      ...waiting(trial),
      status: "completed",
      partial: false,
      answer,
    });
    expect(trial.plan.error?.code).toBe("output-too-large");
  });

  test("of a plan that fails meanwhile ends its step with it", () => {
    const end = (status: "failed" | "cancelled" | "completed") => {
      const trial = begin({ a: {}, b: sub });
      trial.lease();
      trial.fail("a");
      const child = {
        ...waiting(trial, "b"),
        childPlanId: [...trial.plan.children.entries()][0]?.[0] ?? "",
      };
      return trial.must({ type: "child.report", ...child, status, partial: false });
    };
    expect(end("failed")).toEqual([
      "child.ended b",
      "step.failed b (sub-plan)",
      "plan.failed (broken)",
    ]);
    const cancelled = ["child.ended b", "step.cancelled b (plan-failing)", "plan.failed (broken)"];
    expect(end("cancelled")).toEqual(cancelled);
    expect(end("completed")).toEqual(cancelled);
  });

  test("that nobody waits for is not heard", () => {
    const trial = begin({ a: sub, b: {} });
    const child = waiting(trial);
    const stranger = { ...child, childPlanId: "pln_x" };
    expect(trial.try({ type: "child.acknowledge", ...stranger })).toMatchObject({
      refusal: { code: "not-allowed", message: '"a" does not wait for pln_x' },
    });
    const report = { type: "child.report", status: "completed", partial: false } as const;
    expect(trial.refused({ ...report, ...stranger })).toBe("not-allowed");
    expect(trial.refused({ ...report, ...child, stepKey: "b" })).toBe("not-allowed");
    expect(trial.refused({ ...report, ...child, stepKey: "nobody" })).toBe("not-allowed");
    trial.must({ ...report, ...child });
    expect(trial.refused({ ...report, ...child })).toBe("not-allowed");
  });
});
