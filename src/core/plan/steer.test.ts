import { describe, expect, test } from "vitest";
import { TEST_PURE } from "../../testing/given.ts";
import { Trial, type Steps, type TrialOptions } from "../trial.test-helper.ts";
import { conditionOf } from "./condition.ts";

const begin = (steps: Steps, options: Partial<TrialOptions> = {}) =>
  new Trial(steps, { pure: TEST_PURE, ...options });
const ask = { do: "human", request: { kind: "approval", title: "Go?" } } as const;
const sub = { do: "plan", plan: { plan: "Sub", steps: { a: { do: "agent" } } } } as const;

/** One step under way, one in line, one asking, one with an open sub-plan, one not begun. */
function busy(): Trial {
  const trial = begin({ a: { pool: "default" }, b: {}, c: ask, d: sub, e: { needs: ["a"] } });
  trial.lease({ slots: 1 });
  return trial;
}

describe("a paused plan", () => {
  test("starts nothing until it is resumed; what is under way goes on", () => {
    const trial = begin({ a: {}, b: { needs: ["a"] } });
    trial.lease();
    expect(trial.must({ type: "plan.pause", reason: "lunch" })).toEqual(["plan.paused (lunch)"]);
    expect(conditionOf(trial.plan)).toBe("paused");
    expect(trial.succeed("a")).toEqual(["step.succeeded a#1", "step.readied b"]);
    expect(trial.lease()).toEqual([]);
    expect(trial.refused({ type: "plan.pause" })).toBe("not-allowed");
    expect(trial.must({ type: "plan.resume" })).toEqual(["plan.resumed"]);
    expect(trial.lease()).toEqual(["attempt.started b#1"]);
    expect(trial.refused({ type: "plan.resume" })).toBe("not-allowed");
    expect(trial.must({ type: "plan.pause" })).toEqual(["plan.paused"]);
  });
});

describe("cancelling", () => {
  test("a plan that has not started ends it at once, and takes its question back", () => {
    const asked = begin({ a: {} }, { upTo: "pending-approval" });
    expect(asked.must({ type: "plan.cancel", mode: "stop", reason: "No need" })).toEqual([
      "plan.cancel-requested (No need)",
      "request.closed (the plan was cancelled)",
      "plan.cancelled (No need)",
    ]);
    const draft = begin({ a: {} }, { upTo: "draft" });
    expect(draft.must({ type: "plan.cancel", mode: "drain" })).toEqual([
      "plan.cancel-requested",
      "plan.cancelled",
    ]);
    const approved = begin({ a: {} }, { upTo: "approved" });
    approved.must({ type: "plan.cancel", mode: "stop" });
    expect(approved.plan.status).toBe("cancelled");
  });

  test("stops all that runs, asks or waits, but for open sub-plans, which end first", () => {
    const trial = busy();
    expect(trial.must({ type: "plan.cancel", mode: "stop", reason: "Enough" })).toEqual([
      "plan.cancel-requested (Enough)",
      "step.cancelled a#1 (plan-cancelled)",
      "step.cancelled b (plan-cancelled)",
      "request.closed c (plan-cancelled)",
      "step.cancelled c (plan-cancelled)",
      "step.cancelled e (plan-cancelled)",
    ]);
    expect(conditionOf(trial.plan)).toBe("cancelling");
    const child = { stepKey: "d", childPlanId: trial.last("step.waiting").data.childPlanId ?? "" };
    const ended = { status: "cancelled", partial: false } as const;
    expect(trial.must({ type: "child.report", ...child, ...ended })).toEqual([
      "child.ended d",
      "step.cancelled d (plan-cancelled)",
      "plan.cancelled (Enough)",
    ]);
    expect(trial.refused({ type: "plan.cancel", mode: "stop" })).toBe("not-allowed");
  });

  test("may let what runs end by itself, and can then still be told to stop", () => {
    const trial = begin({ a: {}, b: { needs: ["a"] } });
    trial.lease();
    expect(trial.must({ type: "plan.cancel", mode: "drain" })).toEqual([
      "plan.cancel-requested",
      "step.cancelled b (plan-cancelled)",
    ]);
    expect(trial.try({ type: "plan.cancel", mode: "drain" })).toMatchObject({
      refusal: { code: "not-allowed", allowed: ["cancel"] },
    });
    expect(trial.must({ type: "plan.cancel", mode: "stop" })).toEqual([
      "plan.cancel-requested",
      "step.cancelled a#1 (plan-cancelled)",
      "plan.cancelled",
    ]);
  });

  test("records what was drained, and ends cancelled whatever it was", () => {
    const trial = begin({ a: {}, b: {}, c: {} });
    trial.lease();
    trial.must({ type: "plan.cancel", mode: "drain" });
    expect(trial.succeed("a")).toEqual(["step.succeeded a#1"]);
    expect(trial.fail("b", { retryable: true })).toEqual(["step.failed b#1 (broken)"]);
    expect(trial.lose("c")).toEqual([
      "attempt.lost c#1 (worker-gone)",
      "step.cancelled c (plan-cancelled)",
      "plan.cancelled",
    ]);
  });

  test("takes over a plan that is failing", () => {
    const trial = begin({ a: {}, b: {} });
    trial.lease();
    trial.fail("a");
    expect(conditionOf(trial.plan)).toBe("failing");
    expect(trial.must({ type: "plan.cancel", mode: "stop" })).toEqual([
      "plan.cancel-requested",
      "step.cancelled b#1 (plan-cancelled)",
      "plan.cancelled",
    ]);
  });

  test("once acknowledged lets nothing more begin and no late success count", () => {
    const trial = begin({ a: {} });
    trial.lease();
    const report = trial.reportOf("a", { kind: "succeeded", output: null });
    trial.must({ type: "plan.cancel", mode: "stop" });
    expect(trial.try(report)).toMatchObject({ refusal: { code: "stale-attempt", current: 1 } });
    expect(trial.lease()).toEqual([]);
  });
});

describe("finishing by hand", () => {
  const optional = { onFailure: "continue" } as const;

  test("as a success needs everything that is required", () => {
    const trial = begin({ a: {}, b: {}, c: optional });
    const decision = trial.try({ type: "plan.finish", result: "success" });
    expect(decision).toMatchObject({
      refusal: {
        code: "not-allowed",
        message: 'the plan cannot be finished as a success: "a" is ready; "b" is ready',
      },
    });
  });

  test("as a success needs a verification where the plan does", () => {
    const checks = [{ expression: "output.ok" }];
    const text = { policy: { verification: "required" } } as const;
    const trial = begin({ a: { ...optional, verify: { checks } } }, { text });
    const decision = trial.try({ type: "plan.finish", result: "success" });
    expect(!decision.ok && decision.refusal.message).toContain(": no verification has passed");
  });

  test("names ten of many steps that are missing", () => {
    const steps = Object.fromEntries(Array.from({ length: 12 }, (_, at) => [`s${at}`, {}]));
    const decision = begin(steps).try({ type: "plan.finish", result: "success" });
    expect(!decision.ok && decision.refusal.message).toMatch(/"s9" is ready; 2 more steps$/);
  });

  test("keeps the answer, and drops what was not required", () => {
    const trial = begin({ a: {}, b: optional, c: optional });
    trial.succeed("a");
    const report = { answer: { n: 1 }, summary: "Done by hand", evidence: ["seen"] };
    expect(trial.must({ type: "plan.finish", result: "success", ...report })).toEqual([
      "plan.finished",
      "step.cancelled b#1 (plan-finished)",
      "step.cancelled c#1 (plan-finished)",
      "plan.completed",
    ]);
    expect(trial.last("plan.finished").data).toEqual({ result: "success", ...report });
    expect(trial.plan).toMatchObject({ answer: { n: 1 }, summary: "Done by hand", partial: false });
  });

  test("as a failure fails the plan with what is said", () => {
    const said = begin({ a: {} });
    said.must({ type: "plan.finish", result: "failure", summary: "It cannot be done" });
    expect(said.plan).toMatchObject({
      status: "failed",
      error: { code: "finished", message: "It cannot be done", retryable: false },
    });
    const plain = begin({ a: {} });
    plain.must({ type: "plan.finish", result: "failure" });
    expect(plain.plan.error?.message).toBe("finished as a failure by hand");
  });

  test("waits for open sub-plans, and can no longer be cancelled", () => {
    const trial = begin({ a: { ...sub, ...optional } });
    expect(trial.must({ type: "plan.finish", result: "success" })).toEqual(["plan.finished"]);
    const cancel = trial.try({ type: "plan.cancel", mode: "stop" });
    expect(!cancel.ok && cancel.refusal.message).toBe(
      "the plan is executing and ending: cancel is not allowed (it ends by itself)",
    );
    const childPlanId = trial.last("step.waiting").data.childPlanId ?? "";
    const ended = { status: "cancelled", partial: false } as const;
    expect(trial.must({ type: "child.report", stepKey: "a", childPlanId, ...ended })).toEqual([
      "child.ended a",
      "step.cancelled a (plan-finished)",
      "plan.completed",
    ]);
  });

  test("is for a plan that executes, with a report that can be kept", () => {
    const draft = begin({ a: {} }, { upTo: "draft" });
    expect(draft.refused({ type: "plan.finish", result: "failure" })).toBe("not-allowed");
    const trial = begin({ a: {} }, { limits: { valueBytesMax: 100 } });
    const summary = "é".repeat(50);
    expect(trial.try({ type: "plan.finish", result: "failure", summary })).toMatchObject({
      refusal: { code: "invalid-input", message: "the report is 114 bytes, more than 100" },
    });
  });
});
