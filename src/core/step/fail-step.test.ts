import { describe, expect, test } from "vitest";
import { TEST_PURE } from "../../testing/given.ts";
import { Trial, type Steps, type TrialOptions } from "../trial.test-helper.ts";

const begin = (steps: Steps, options: Partial<TrialOptions> = {}) =>
  new Trial(steps, { pure: TEST_PURE, ...options });
const optional = { onFailure: "continue" } as const;
const withStandIn = { onFailure: { fallback: "b" } } as const;

describe("a required step that fails for good", () => {
  test("ends the plan: nothing starts, what runs is drained, then the plan has failed", () => {
    const trial = begin({ a: {}, b: {}, c: {}, d: { needs: ["b"] } });
    trial.lease({ slots: 2 });
    const error = { code: "broken", message: "It broke", retryable: false };
    expect(trial.must(trial.reportOf("a", { kind: "failed", error }))).toEqual([
      "step.failed a#1 (broken)",
      "plan.failing (broken)",
      "step.cancelled c (plan-failing)",
      "step.cancelled d (plan-failing)",
    ]);
    expect(trial.last("plan.failing").data).toEqual({ stepKey: "a", error });
    expect(trial.succeed("b")).toEqual(["step.succeeded b#1", "plan.failed (broken)"]);
    expect(trial.plan).toMatchObject({ status: "failed", error, endedAt: trial.now });
  });

  test("is the reason even where others fail while the plan is drained", () => {
    const trial = begin({ a: {}, b: {} });
    trial.lease();
    trial.fail("a", { code: "first" });
    expect(trial.fail("b", { code: "second", retryable: true })).toEqual([
      "step.failed b#1 (second)",
      "plan.failed (first)",
    ]);
  });
});

test("a step that the plan can do without leaves it completed in part", () => {
  const trial = begin({ a: optional, b: {} });
  trial.fail("a");
  expect(trial.succeed("b")).toEqual(["step.succeeded b#1", "plan.completed"]);
  expect(trial.plan.partial).toBe(true);
});

describe("a stand-in", () => {
  test("is passed over when what it stands in for succeeds", () => {
    const trial = begin({ a: withStandIn, b: {}, c: { needs: ["b"] } });
    expect(trial.succeed("a")).toEqual([
      "step.succeeded a#1",
      "step.skipped b (fallback-not-needed)",
      "step.skipped c (need-not-met)",
      "plan.completed",
    ]);
    expect(trial.plan.partial).toBe(false);
  });

  test("is passed over when what it stands in for is never let go", () => {
    const trial = begin({ a: { ...withStandIn, when: "false" }, b: {} });
    expect(trial.step("b")).toMatchObject({ status: "skipped", reason: "fallback-not-needed" });
    expect(trial.plan.status).toBe("completed");
  });

  test("starts when the other fails for good, and its success is the other's", () => {
    const trial = begin({ a: withStandIn, b: {}, c: { needs: ["a"] } });
    expect(trial.fail("a")).toEqual([
      "attempt.failed a#1 (broken)",
      "step.waiting a (fallback)",
      "step.readied b",
    ]);
    const artifact = { id: "art_1", name: "x", sha256: "0", size: 1, mediaType: "text/plain" };
    const outcome = {
      kind: "succeeded",
      output: { n: 1 },
      partial: "half",
      artifacts: [artifact],
    } as const;
    expect(trial.report("b", outcome)).toEqual([
      "artifact.published b#1",
      "step.succeeded b#1",
      "step.succeeded a",
      "step.readied c",
    ]);
    expect(trial.step("a")).toMatchObject({
      output: { n: 1 },
      partial: "half",
      artifacts: [artifact],
    });
  });

  test("that fails, too, leaves the first failure as it was", () => {
    const trial = begin({ a: withStandIn, b: {} });
    trial.fail("a", { code: "first" });
    expect(trial.fail("b", { code: "second" })).toEqual([
      "step.failed b#1 (second)",
      "step.failed a (first)",
      "plan.failing (first)",
      "plan.failed (first)",
    ]);
  });

  test("that is skipped is no help", () => {
    const trial = begin({ a: withStandIn, b: { when: "false" } });
    expect(trial.fail("a")).toContain("step.failed a (broken)");
  });

  test("may have a stand-in of its own, or ask", () => {
    const trial = begin({
      a: withStandIn,
      b: { onFailure: { fallback: "c" } },
      c: { onFailure: "ask" },
    });
    trial.fail("a");
    trial.fail("b");
    expect(trial.fail("c")).toContain("step.waiting c (failed)");
    trial.answer("c", "retry");
    expect(trial.succeed("c")).toEqual([
      "step.succeeded c#2",
      "step.succeeded b",
      "step.succeeded a",
      "plan.completed",
    ]);
  });

  test("is called for a step that fails before it could start", () => {
    const trial = begin({ a: { ...withStandIn, when: "1" }, b: {} });
    expect(trial.step("a")).toMatchObject({ status: "waiting", reason: "fallback" });
    expect(trial.succeed("b")).toContain("step.succeeded a");
  });

  test("that was dealt with by hand before it was called counts as it ended", () => {
    const done = begin({ a: withStandIn, b: {} });
    done.must({ type: "step.complete", stepKey: "b", output: { n: 1 }, note: "seen to" });
    expect(done.fail("a")).toEqual([
      "attempt.failed a#1 (broken)",
      "step.waiting a (fallback)",
      "step.succeeded a",
      "plan.completed",
    ]);
    const skipped = begin({ a: withStandIn, b: {} });
    skipped.must({ type: "step.skip", stepKey: "b", reason: "no" });
    expect(skipped.fail("a")).toContain("step.failed a (broken)");
  });

  test("that runs goes on when what it stands in for is completed by hand; in line it is passed over", () => {
    const running = begin({ a: withStandIn, b: {} });
    running.fail("a");
    running.lease();
    const complete = { type: "step.complete", stepKey: "a", output: null, note: "done" } as const;
    expect(running.must(complete)).toEqual(["step.succeeded a"]);
    expect(running.succeed("b")).toEqual(["step.succeeded b#1", "plan.completed"]);
    const inLine = begin({ a: withStandIn, b: {} });
    inLine.fail("a");
    expect(inLine.must(complete)).toEqual([
      "step.succeeded a",
      "step.skipped b (fallback-not-needed)",
      "plan.completed",
    ]);
  });

  test("that waits for a person, a signal, a sub-plan or its children is passed over where that costs nobody anything", () => {
    const ask = { do: "human", request: { kind: "approval", title: "Go?" } } as const;
    const after = (b: Steps[string]) => {
      const trial = begin({ a: withStandIn, b: b ?? {} });
      trial.fail("a");
      return trial.must({ type: "step.skip", stepKey: "a", reason: "no" });
    };
    expect(after(ask)).toEqual([
      "step.skipped a (operator)",
      "request.closed b (no longer needed)",
      "step.skipped b (fallback-not-needed)",
      "plan.completed",
    ]);
    expect(after({ do: "wait", wait: { signal: "x" } })).toContain(
      "step.skipped b (fallback-not-needed)",
    );
    const sub = { do: "plan", plan: { plan: "Sub", steps: { a: { do: "agent" } } } } as const;
    expect(after(sub)).toEqual(["step.skipped a (operator)"]);
    expect(after({ forEach: "[1]" })).toEqual(["step.skipped a (operator)"]);
  });

  test("that runs is drained like any other when the plan fails meanwhile", () => {
    const trial = begin({ a: withStandIn, b: {}, c: {} });
    trial.fail("a");
    trial.lease();
    expect(trial.fail("c")).toEqual([
      "step.failed c#1 (broken)",
      "plan.failing (broken)",
      "step.cancelled a (plan-failing)",
    ]);
    expect(trial.succeed("b")).toEqual(["step.succeeded b#1", "plan.failed (broken)"]);
  });
});

describe("a step that asks when it fails", () => {
  const asking = () => begin({ a: { onFailure: "ask" }, b: { needs: ["a"] } });

  test("asks with what went wrong, and holds up what needs it", () => {
    const trial = asking();
    expect(trial.fail("a")).toEqual([
      "attempt.failed a#1 (broken)",
      "request.created a (step-failed)",
      "step.waiting a (failed)",
    ]);
    expect(trial.last("request.created").data).toMatchObject({
      kind: "choice",
      title: '"a" failed: what now?',
      message: "broken: It broke",
      options: [{ value: "retry" }, { value: "skip" }, { value: "fail" }],
    });
    expect(trial.step("a").lastError?.code).toBe("broken");
  });

  test.each([
    ["retry", ["request.decided a", "step.readied a"]],
    [
      "skip",
      [
        "request.decided a",
        "step.skipped a (operator)",
        "step.skipped b (need-not-met)",
        "plan.completed",
      ],
    ],
    [
      "fail",
      [
        "request.decided a",
        "step.failed a (broken)",
        "plan.failing (broken)",
        "step.cancelled b (plan-failing)",
        "plan.failed (broken)",
      ],
    ],
  ])("and does what is answered: %s", (choice, told) => {
    const trial = asking();
    trial.fail("a");
    expect(trial.answer("a", { choice })).toEqual(told);
  });

  test("asks again when it fails again", () => {
    const trial = asking();
    trial.fail("a", { retryable: true });
    trial.pass(60_000).fail("a", { retryable: true });
    trial.pass(60_000);
    expect(trial.fail("a", { retryable: true })).toContain("step.waiting a (failed)");
    trial.answer("a", "retry");
    expect(trial.fail("a", { retryable: true })).toContain("step.waiting a (failed)");
    trial.answer("a", "fail");
    expect(trial.plan.error?.message).toBe("ada recorded it as failed: It broke");
  });

  test("is ended with the plan like any other", () => {
    const trial = begin({ a: { onFailure: "ask" }, b: {} });
    trial.lease();
    trial.fail("b");
    expect(trial.fail("a")).toEqual(["step.failed a#1 (broken)", "plan.failed (broken)"]);
  });
});
