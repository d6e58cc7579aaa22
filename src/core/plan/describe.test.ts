import { expect, test } from "vitest";
import { TEST_PURE } from "../../testing/given.ts";
import { Trial, type Steps, type TrialOptions } from "../trial.test-helper.ts";
import { describe as tell, eventTypes } from "./describe.ts";
import type { EventType } from "./event.ts";

const begin = (steps: Steps, options: Partial<TrialOptions> = {}) =>
  new Trial(steps, { pure: TEST_PURE, ...options });
const sub = { do: "plan", plan: { plan: "Sub", steps: { a: { do: "agent" } } } } as const;

/** The sentence for the last event of a type. */
const last = (trial: Trial, type: EventType) => tell(trial.last(type));

test("every type of event is told in a sentence", () => {
  expect(eventTypes()).toHaveLength(new Set(eventTypes()).size);
  expect(eventTypes()).toContain("artifact.published");
});

test("the way of a plan is told from its draft to its end", () => {
  const trial = begin({ a: {}, b: { needs: ["a"] } });
  trial.must({ type: "plan.pause" });
  trial.must({ type: "plan.resume" });
  const artifact = { id: "art_1", name: "log", sha256: "0", size: 5, mediaType: "text/plain" };
  trial.report("a", {
    kind: "succeeded",
    output: null,
    partial: "half",
    workedMs: 90_000,
    artifacts: [artifact],
  });
  trial.must({ type: "step.complete", stepKey: "b", output: null, note: "I looked" });
  expect(trial.events.map(tell)).toEqual([
    'ada made the plan "A plan"',
    'Asked: Approve "A plan"?',
    "The plan asks for approval",
    "Answered by ada",
    "Approved by ada",
    "The plan was started",
    "a is ready",
    "Paused by ada",
    "Resumed by ada",
    "a started, attempt 1",
    "Published log (5 bytes)",
    "a succeeded in 1m30s, in part: half",
    "b is ready",
    "b succeeded by hand: I looked",
    "Completed in part",
  ]);
});

test("an approval says what it rests on", () => {
  const policy = begin({ a: {} }, { text: { policy: { approval: "none" } }, upTo: "draft" });
  policy.must({ type: "plan.submit" });
  expect(last(policy, "plan.approved")).toBe("Approved by its policy, which asks for none");
  const parent = begin({ a: {} }, { create: { begin: "started" }, upTo: "draft" });
  expect(last(parent, "plan.approved")).toBe("Approved by the approval of its parent");
  const rejected = begin({ a: {} }, { upTo: "pending-approval" });
  rejected.must({ type: "plan.reject", reason: "Too dear" });
  expect(last(rejected, "plan.rejected")).toBe("Rejected by ada: Too dear");
});

test("what goes wrong says what, and what comes of it", () => {
  const trial = begin({ a: { effect: "none" }, b: {} });
  trial.lease();
  const late = trial.reportOf("a", { kind: "succeeded", output: null });
  trial.lose("a");
  trial.try(late);
  trial.fail("b", { retryable: true });
  expect(last(trial, "attempt.lost")).toBe("Attempt 1 of a ended without an outcome: worker-gone");
  expect(last(trial, "attempt.refused")).toBe(
    "Attempt 1 of a reported too late (1 counts); nothing was changed",
  );
  expect(last(trial, "attempt.failed")).toBe("Attempt 1 of b failed: It broke");
  expect(last(trial, "step.readied")).toBe("b is ready, not before 2026-01-01T00:00:00.500Z");
  trial.fail("a");
  expect(last(trial, "step.failed")).toBe("a failed: It broke");
  expect(last(trial, "plan.failing")).toBe("The plan is failing: It broke");
  expect(last(trial, "step.cancelled")).toBe("b was cancelled: plan-failing");
  expect(last(trial, "plan.failed")).toBe("Failed: It broke");
});

test("an end by hand says who ended it, and why", () => {
  const finished = begin({ a: {} });
  finished.must({ type: "plan.finish", result: "failure" });
  expect(last(finished, "plan.finished")).toBe("ada finished the plan as a failure");
  const cancelled = begin({ a: {} });
  cancelled.must({ type: "plan.pause", reason: "lunch" });
  expect(last(cancelled, "plan.paused")).toBe("Paused by ada: lunch");
  cancelled.must({ type: "plan.cancel", mode: "stop", reason: "Enough" });
  expect(last(cancelled, "plan.cancel-requested")).toBe("ada cancels the plan (stop): Enough");
  expect(last(cancelled, "plan.cancelled")).toBe("Cancelled: Enough");
});

test("what is skipped says why", () => {
  const trial = begin({ a: { when: "false" }, b: { needs: ["a"] }, c: {} });
  const told = trial.events.filter(({ type }) => type === "step.skipped").map(tell);
  expect(told).toEqual(["a was skipped: condition", "b was skipped: need-not-met (a)"]);
  trial.must({ type: "step.skip", stepKey: "c", reason: "no need" });
  expect(last(trial, "step.skipped")).toBe("c was skipped: operator (no need)");
  expect(last(trial, "plan.completed")).toBe("Completed");
});

test("what people are asked and say is told", () => {
  const request = {
    kind: "approval",
    title: "Go?",
    due: "1h",
    onTimeout: { answer: { approved: true } },
  } as const;
  const trial = begin({
    a: { do: "human", request },
    b: { approve: { due: "1h" } },
    c: { approve: true },
  });
  expect(last(trial, "request.created")).toBe('Asked: Let "c" start?');
  const answer = { approved: true };
  trial.must({ type: "request.decide", requestId: trial.request("c"), answer, comment: "Fine" });
  expect(last(trial, "request.decided")).toBe("Answered by ada: Fine");
  trial.lease();
  expect(last(trial, "approval.consumed")).toBe("c used its approval");
  trial.pass(3_600_000).fire("a");
  expect(last(trial, "request.decided")).toBe("Answered by timeout");
  trial.fire("b");
  expect(last(trial, "request.expired")).toBe("Nobody answered in time");
  const closed = begin({ a: { approve: true } });
  closed.must({ type: "step.skip", stepKey: "a", reason: "" });
  expect(last(closed, "request.closed")).toBe("The question was taken back: skipped");
});

test("waits, signals, checks, lists and sub-plans are told", () => {
  const checks = [{ expression: "output.ok" }];
  const trial = begin({
    a: { do: "wait", wait: { signal: "go" } },
    b: { do: "wait", wait: { for: "1m" } },
    c: { verify: { checks, loops: 1 } },
    d: { forEach: "[1, 2]" },
    e: sub,
  });
  const waits = trial.events.filter(({ type }) => type === "step.waiting").map(tell);
  expect(waits.slice(0, 2)).toEqual([
    "a waits: signal",
    "b waits: timer until 2026-01-01T00:01:00.000Z",
  ]);
  expect(last(trial, "step.expanded")).toBe("d has 2 children");
  trial.must({ type: "signal.deliver", name: "go", payload: null });
  expect(last(trial, "signal.received")).toBe('The signal "go" came');
  trial.succeed("c", { ok: false });
  expect(last(trial, "check.failed")).toBe('c: check "output.ok" failed: is not true');
  trial.succeed("c", { ok: true });
  expect(last(trial, "check.passed")).toBe('c: check "output.ok" passed');
  const [childPlanId = ""] = [...trial.plan.children.entries()][0] ?? [];
  trial.must({ type: "child.acknowledge", stepKey: "e", childPlanId });
  expect(last(trial, "child.started")).toBe(`e began the sub-plan ${childPlanId}`);
  trial.must({
    type: "child.report",
    stepKey: "e",
    childPlanId,
    status: "completed",
    partial: false,
  });
  expect(last(trial, "child.ended")).toBe("The sub-plan of e is completed");
});
