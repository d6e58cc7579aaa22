import { describe, expect, test } from "vitest";
import { TEST_PURE } from "../../testing/given.ts";
import { BOT, Trial, type TrialOptions } from "../trial.test-helper.ts";

const begin = (options: Partial<TrialOptions> = {}) =>
  new Trial({ a: {} }, { pure: TEST_PURE, upTo: "draft", ...options });
const unasked = { text: { policy: { approval: "none" } } } as const;

describe("a draft", () => {
  test("cannot start, or be approved, before it is submitted", () => {
    const trial = begin();
    expect(trial.try({ type: "plan.start" })).toMatchObject({
      refusal: {
        code: "not-allowed",
        message: "the plan is draft: start is not allowed (allowed: submit, cancel)",
        allowed: ["submit", "cancel"],
      },
    });
    expect(trial.refused({ type: "plan.approve", by: "person" })).toBe("not-allowed");
  });

  test("is submitted by asking for approval of exactly this text", () => {
    const trial = begin({ text: { objective: "Tell them" } });
    expect(trial.must({ type: "plan.submit" })).toEqual([
      "request.created (plan-approval)",
      "plan.submitted",
    ]);
    expect(trial.last("request.created").data).toMatchObject({
      kind: "approval",
      title: 'Approve "A plan"?',
      message: "Tell them",
      dueAt: null,
    });
    expect(trial.last("plan.submitted").data).toEqual({
      digest: trial.revision.digest,
      requestId: trial.request(),
    });
  });

  test("is approved at once where its policy asks for no approval, and is not started by that", () => {
    const trial = begin(unasked);
    expect(trial.must({ type: "plan.submit" })).toEqual(["plan.submitted", "plan.approved"]);
    expect(trial.last("plan.approved").data.by).toBe("policy");
    expect(trial.plan.status).toBe("approved");
    expect(trial.must({ type: "plan.start" })).toEqual(["plan.started", "step.readied a"]);
  });

  test("is not approved by an agent that wrote, or found, that no approval is needed", () => {
    const trial = begin(unasked);
    expect(trial.must({ type: "plan.submit", actor: BOT })).toContain(
      "request.created (plan-approval)",
    );
    expect(trial.plan.status).toBe("pending-approval");
  });

  test("can be made, submitted and started in one breath", () => {
    const submitted = begin({ create: { begin: "submitted" } });
    expect(submitted.plan.status).toBe("pending-approval");
    const parent = { planId: "pln_0", stepKey: "sub", depth: 1 };
    const started = begin({ create: { begin: "started", parent } });
    expect(started.plan).toMatchObject({ status: "executing", parent, openRequests: 0 });
    expect(started.last("plan.approved").data.by).toBe("parent");
  });

  test("is not decided on by an agent", () => {
    const trial = begin({ upTo: "pending-approval" });
    expect(trial.refused({ type: "plan.approve", by: "person", actor: BOT })).toBe("forbidden");
    expect(trial.refused({ type: "plan.reject", reason: "no", actor: BOT })).toBe("forbidden");
  });

  test("with a text at fault is not made", () => {
    const steps = { a: { needs: ["b"] }, c: { needs: ["d"] } };
    const make = (one: object) => () => new Trial(one as typeof steps, { pure: TEST_PURE });
    expect(make(steps)).toThrow("the plan is not valid: 2 faults");
    expect(make({ a: { needs: ["b"] } })).toThrow("the plan is not valid: 1 fault");
  });

  test("is not nested deeper than the limits allow", () => {
    const at = (depth: number) => () =>
      begin({ limits: { depthMax: 1 }, create: { parent: { planId: "p", stepKey: "s", depth } } });
    expect(at(1)).not.toThrow();
    expect(at(2)).toThrow("plans are nested more than 1 deep");
  });
});

describe("a plan that waits for approval", () => {
  test("is approved by its digest, and by no other", () => {
    const trial = begin({ upTo: "pending-approval" });
    const { digest } = trial.revision;
    const stale = trial.try({ type: "plan.approve", by: "person", digest: "other" });
    expect(stale).toMatchObject({ refusal: { code: "stale-digest", current: digest } });
    expect(trial.must({ type: "plan.approve", by: "person", digest, comment: "Fine" })).toEqual([
      "request.decided",
      "plan.approved",
    ]);
    expect(trial.last("request.decided").data).toMatchObject({
      answer: { approved: true },
      comment: "Fine",
      by: "person",
    });
    expect(trial.last("plan.approved").data).toEqual({ digest, by: "person", comment: "Fine" });
    expect(trial.plan.openRequests).toBe(0);
  });

  test("may be approved by a policy, and its request says so", () => {
    const trial = begin({ upTo: "pending-approval" });
    trial.must({ type: "plan.approve", by: "policy" });
    expect(trial.last("request.decided").data.by).toBe("policy");
    expect(trial.last("plan.approved").data.by).toBe("policy");
  });

  test("may be approved and started in one decision", () => {
    const trial = begin({ upTo: "pending-approval" });
    const told = trial.must({ type: "plan.approve", by: "person", start: true });
    expect(told).toEqual(["request.decided", "plan.approved", "plan.started", "step.readied a"]);
  });

  test("may be approved or rejected by answering its request", () => {
    const yes = begin({ upTo: "pending-approval" });
    const requestId = yes.request();
    const answer = { approved: true };
    expect(yes.must({ type: "request.decide", requestId, answer, comment: "Go" })).toEqual([
      "request.decided",
      "plan.approved",
    ]);
    expect(yes.last("plan.approved").data.comment).toBe("Go");
    const no = begin({ upTo: "pending-approval" });
    expect(no.answer(null, { approved: false })).toEqual([
      "request.decided",
      "plan.rejected (rejected)",
    ]);
    const why = begin({ upTo: "pending-approval" });
    const said = { requestId: why.request(), answer: { approved: false }, comment: "Too dear" };
    expect(why.must({ type: "request.decide", ...said })).toContain("plan.rejected (Too dear)");
    const plain = begin({ upTo: "pending-approval" });
    expect(plain.answer(null, { approved: true })).toEqual(["request.decided", "plan.approved"]);
  });

  test("is rejected with a reason, and never moves again", () => {
    const trial = begin({ upTo: "pending-approval" });
    expect(trial.refused({ type: "plan.reject", digest: "other", reason: "" })).toBe(
      "stale-digest",
    );
    const { digest } = trial.revision;
    expect(trial.must({ type: "plan.reject", digest, reason: "No" })).toEqual([
      "request.decided",
      "plan.rejected (No)",
    ]);
    expect(trial.plan).toMatchObject({ status: "rejected", endedAt: trial.now });
    const again = trial.try({ type: "plan.submit" });
    expect(again).toMatchObject({ refusal: { allowed: [] } });
    expect(!again.ok && again.refusal.message).toContain("fork it to execute it again");
  });
});
