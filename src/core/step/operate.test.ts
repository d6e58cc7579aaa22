import { describe, expect, test } from "vitest";
import { TEST_PURE } from "../../testing/given.ts";
import { BOT, Trial, type Steps, type TrialOptions } from "../trial.test-helper.ts";

const begin = (steps: Steps, options: Partial<TrialOptions> = {}) =>
  new Trial(steps, { pure: TEST_PURE, ...options });
const retry = (stepKey: string) => ({ type: "step.retry", stepKey }) as const;
const skip = (stepKey: string) => ({ type: "step.skip", stepKey, reason: "no need" }) as const;
const complete = (stepKey: string) =>
  ({ type: "step.complete", stepKey, output: { n: 1 }, note: "done by hand" }) as const;
const ask = { do: "human", request: { kind: "approval", title: "Go?" } } as const;

describe("retrying", () => {
  test("cuts a backoff short", () => {
    const trial = begin({ a: {} });
    trial.fail("a", { retryable: true });
    expect(trial.must(retry("a"))).toEqual(["step.readied a"]);
    expect(trial.lease()).toEqual(["attempt.started a#2"]);
  });

  test("does not bring forward a step's own time", () => {
    const trial = begin({ a: { at: "2026-01-02T00:00:00Z" } });
    expect(trial.refused(retry("a"))).toBe("not-allowed");
  });

  test("answers for a step that is set aside, in doubt, or failed and asks", () => {
    const failed = begin({ a: { onFailure: "ask" } });
    failed.fail("a");
    expect(failed.must(retry("a"))).toEqual(["request.closed a (retried)", "step.readied a"]);
    const doubtful = begin({ a: { effect: "once" } });
    doubtful.lose("a");
    expect(doubtful.must(retry("a"))).toEqual(["request.closed a (retried)", "step.readied a"]);
  });

  test("opens again what never reached a worker: it waits, or begins its sub-plan, afresh", () => {
    const pause = begin({
      a: { do: "wait", wait: { signal: "go", timeout: "1m" }, onFailure: "ask" },
    });
    pause.pass(60_000).fire("a");
    expect(pause.must(retry("a"))).toEqual([
      "request.closed a (retried)",
      "step.waiting a (signal)",
    ]);
    expect(pause.step("a")).toMatchObject({ until: pause.now + 60_000 });
    const plan = { plan: "Sub", steps: { a: { do: "agent" } } } as const;
    const sub = begin({ a: { do: "plan", plan, onFailure: "ask" } });
    const childPlanId = sub.last("step.waiting").data.childPlanId ?? "";
    sub.must({ type: "child.report", stepKey: "a", childPlanId, status: "failed", partial: false });
    expect(sub.must(retry("a"))).toEqual([
      "request.closed a (retried)",
      "step.waiting a (sub-plan)",
    ]);
    expect(sub.last("step.waiting").data.childPlanId).not.toBe(childPlanId);
  });

  test("a step that failed for good is refused, with the way out", () => {
    const trial = begin({ a: { onFailure: "continue" }, b: {} });
    trial.fail("a");
    expect(trial.try(retry("a"))).toMatchObject({
      refusal: {
        code: "not-allowed",
        message:
          '"a" is failed: retry is not allowed; a step that failed for good is run again by forking the plan',
        allowed: [],
      },
    });
    expect(trial.try(retry("b"))).toMatchObject({ refusal: { allowed: ["complete"] } });
  });
});

describe("skipping", () => {
  test("goes on without the step, and without what needs it", () => {
    const trial = begin({ a: {}, b: { needs: ["a"] }, c: {} });
    expect(trial.must(skip("a"))).toEqual([
      "step.skipped a (operator)",
      "step.skipped b (need-not-met)",
    ]);
    expect(trial.events.at(-2)?.data).toEqual({ reason: "operator", note: "no need" });
  });

  test("takes back what was asked for it", () => {
    const trial = begin({ a: ask });
    expect(trial.must(skip("a"))).toEqual([
      "request.closed a (skipped)",
      "step.skipped a (operator)",
      "plan.completed",
    ]);
  });

  test("does not end what a worker is at", () => {
    const trial = begin({ a: {} });
    trial.lease();
    expect(trial.refused(skip("a"))).toBe("not-allowed");
  });
});

describe("completing by hand", () => {
  test("records the output, and a worker that is at it comes too late", () => {
    const trial = begin({ a: {}, b: { needs: ["a"] } });
    trial.lease();
    const late = trial.reportOf("a", { kind: "succeeded", output: null });
    expect(trial.must(complete("a"))).toEqual(["step.succeeded a#1", "step.readied b"]);
    expect(trial.step("a")).toMatchObject({ output: { n: 1 } });
    expect(trial.last("step.succeeded").data.manual).toEqual({ note: "done by hand" });
    expect(trial.refused(late)).toBe("stale-attempt");
  });

  test("goes before what the step needs, and before what it waits for", () => {
    const trial = begin({
      a: {},
      b: { needs: ["a"] },
      c: { do: "wait", wait: { signal: "go" } },
      d: { needs: ["b"] },
    });
    expect(trial.must(complete("b"))).toEqual(["step.succeeded b", "step.readied d"]);
    expect(trial.must(complete("c"))).toEqual(["step.succeeded c"]);
    expect(trial.must({ type: "signal.deliver", name: "go", payload: 1 })).toEqual([
      "signal.received",
    ]);
    expect(trial.succeed("a")).toEqual(["step.succeeded a#1"]);
  });

  test("takes no output that cannot be kept", () => {
    const trial = begin({ a: {} }, { limits: { valueBytesMax: 5 } });
    expect(trial.try(complete("a"))).toMatchObject({
      refusal: { code: "invalid-input", faults: [{ code: "too-large", pointer: "/output" }] },
    });
  });
});

describe("nobody steers", () => {
  test("a step that there is not", () => {
    const trial = begin({ a: { forEach: "[1, 2]" } });
    const keys = ["b", "a.2", "a.-1", "a.01", "a.1.0", "a.", ".0", "a.x", "", "a.-Infinity"];
    for (const key of keys) expect(trial.refused(complete(key))).toBe("not-found");
  });

  test("a list as such, or a child that has no place yet", () => {
    const trial = begin({ a: { forEach: { items: "[1, 2]", concurrency: 1 } } });
    expect(trial.refused(skip("a"))).toBe("not-allowed");
    expect(trial.refused(skip("a.1"))).toBe("not-allowed");
    expect(trial.must(skip("a.0"))).toEqual(["step.skipped a.0 (operator)", "step.readied a.1"]);
    expect(trial.must(complete("a.1"))).toContain("step.succeeded a");
    expect(trial.step("a")).toMatchObject({ output: [null, { n: 1 }] });
  });

  test("a sub-plan from outside", () => {
    const trial = begin({
      a: { do: "plan", plan: { plan: "Sub", steps: { a: { do: "agent" } } } },
    });
    expect(trial.refused(skip("a"))).toBe("not-allowed");
    expect(trial.refused(complete("a"))).toBe("not-allowed");
  });

  test("what waits for a person, or will, who is an agent", () => {
    const trial = begin({
      a: ask,
      b: {},
      c: { ...ask, needs: ["b"] },
      d: { needs: ["b"], approve: true },
      e: { approve: true },
      f: { onFailure: "ask" },
    });
    trial.answer("e", { approved: true });
    trial.fail("f");
    for (const key of ["a", "c", "d", "f"]) {
      expect(trial.refused({ ...skip(key), actor: BOT })).toBe("forbidden");
      expect(trial.refused({ ...complete(key), actor: BOT })).toBe("forbidden");
      expect(trial.refused({ ...retry(key), actor: BOT })).toBe("forbidden");
    }
    expect(trial.refused({ ...complete("b"), actor: BOT })).toBe("accepted");
    expect(trial.refused({ ...complete("e"), actor: BOT })).toBe("accepted");
  });

  test("a plan that is ending", () => {
    const trial = begin({ a: {} });
    trial.lease();
    trial.must({ type: "plan.cancel", mode: "drain" });
    expect(trial.refused(complete("a"))).toBe("not-allowed");
  });
});
