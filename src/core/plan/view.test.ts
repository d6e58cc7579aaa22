import { describe, expect, test } from "vitest";
import { TEST_PURE } from "../../testing/given.ts";
import { Trial, type Steps, type TrialOptions } from "../trial.test-helper.ts";
import { viewPlan, viewRequest } from "./view.ts";

const begin = (steps: Steps, options: Partial<TrialOptions> = {}) =>
  new Trial(steps, { pure: TEST_PURE, ...options });
const ask = { do: "human", request: { kind: "approval", title: "Go?", due: "1h" } } as const;

describe("a plan that is shown", () => {
  test("says what it is, how far it has come and what can be done with it", () => {
    const trial = begin(
      { a: {} },
      { text: { objective: "Tell them" }, create: { inputs: { n: 1 } }, upTo: "draft" },
    );
    expect(viewPlan(trial.plan).plan).toEqual({
      id: "pln_1",
      name: "A plan",
      objective: "Tell them",
      status: "draft",
      condition: null,
      partial: false,
      revision: 1,
      digest: trial.revision.digest,
      inputs: { n: 1 },
      answer: null,
      summary: null,
      error: null,
      parent: null,
      createdBy: { kind: "person", id: "ada" },
      createdAt: "2026-01-01T00:00:00.000Z",
      startedAt: null,
      endedAt: null,
      progress: trial.plan.counts,
      version: 1,
      allowedActions: ["submit", "cancel"],
    });
  });

  test("says when it began and ended, and whose sub-plan it is", () => {
    const parent = { planId: "pln_0", stepKey: "sub", depth: 1 };
    const trial = begin({ a: {} }, { create: { parent, begin: "started" }, upTo: "draft" });
    trial.pass(5000).succeed("a");
    const { plan } = viewPlan(trial.plan);
    expect(plan).toMatchObject({
      objective: null,
      parent: { planId: "pln_0", stepKey: "sub" },
      startedAt: "2026-01-01T00:00:00.000Z",
      endedAt: "2026-01-01T00:00:05.000Z",
      allowedActions: [],
    });
  });

  test("shows its steps in the order of the text, children after their list, each in its state", () => {
    const trial = begin({
      z: { title: "Last", owner: "ada", needs: ["a"] },
      a: { forEach: "[1, 2]", retry: { attempts: 2 } },
      b: ask,
      c: { at: "2026-01-01T00:01:00Z" },
      d: { do: "wait", wait: { for: "1m" } },
      e: { do: "plan", plan: { plan: "Sub", steps: { x: { do: "agent" } } } },
      f: { when: "false" },
      g: { onFailure: "continue" },
    });
    trial.report("a.0", { kind: "succeeded", output: { n: 1 }, partial: "half" });
    trial.fail("a.1", { retryable: true });
    trial.fail("g");
    const { steps, requests } = viewPlan(trial.plan);
    expect(Object.keys(steps)).toEqual(["z", "a", "a.0", "a.1", "b", "c", "d", "e", "f", "g"]);
    expect(steps["z"]).toEqual({
      status: "pending",
      do: "agent",
      owner: "ada",
      title: "Last",
      attempts: 0,
      reason: null,
      output: null,
      partial: null,
      error: null,
      artifacts: [],
      until: null,
      requestId: null,
      childPlanId: null,
      since: "2026-01-01T00:00:00.000Z",
      allowedActions: ["skip", "complete"],
    });
    expect(steps["a.0"]).toMatchObject({
      output: { n: 1 },
      partial: "half",
      attempts: 1,
      error: null,
    });
    expect(steps["a.1"]).toMatchObject({
      error: { code: "broken" },
      until: "2026-01-01T00:00:00.500Z",
    });
    expect(steps["b"]).toMatchObject({
      reason: "request",
      requestId: trial.request("b"),
      until: null,
    });
    expect(steps["c"]).toMatchObject({ status: "ready", until: "2026-01-01T00:01:00.000Z" });
    expect(steps["d"]).toMatchObject({ reason: "timer", until: "2026-01-01T00:01:00.000Z" });
    expect(steps["e"]?.childPlanId).toMatch(/^pln_/);
    expect(steps["f"]).toMatchObject({ status: "skipped", reason: "condition" });
    expect(steps["g"]).toMatchObject({
      status: "failed",
      error: { code: "broken" },
      allowedActions: [],
    });
    expect(requests.map(({ stepKey, decision, dueAt }) => ({ stepKey, decision, dueAt }))).toEqual([
      { stepKey: "b", decision: null, dueAt: "2026-01-01T01:00:00.000Z" },
    ]);
  });
});

test("a request that is shown says how it was decided, by whom and when", () => {
  const trial = begin({ a: ask });
  const requestId = trial.request("a");
  const answer = { approved: true };
  trial.must({ type: "request.decide", requestId, answer, comment: "Fine" });
  const request = trial.plan.requests.get(requestId);
  expect(request && viewRequest(request)).toMatchObject({
    status: "decided",
    decision: { answer, by: "ada", comment: "Fine", at: "2026-01-01T00:00:00.000Z" },
  });
});
