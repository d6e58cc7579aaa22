import { describe, expect, test } from "vitest";
import { TEST_PURE } from "../../testing/given.ts";
import { Trial, type Steps, type TrialOptions } from "../trial.test-helper.ts";

const begin = (steps: Steps, options: Partial<TrialOptions> = {}) =>
  new Trial(steps, { pure: TEST_PURE, ...options });
const optional = { onFailure: "continue" } as const;
const three = { forEach: "[1, 2, 3]" };
const oneByOne = { forEach: { items: "[1, 2, 3]", concurrency: 1 } };
const ask = {
  do: "human",
  request: { kind: "choice", title: "${{ item }}?", options: [{ value: "x" }] },
} as const;
const sub = { do: "plan", plan: { plan: "Sub", steps: { a: { do: "agent" } } } } as const;

describe("a list", () => {
  test("has a child for each item, which sees its item and its place", () => {
    const steps = { a: { ...three, with: { n: "${{ item * 10 }}", at: "${{ index }}" } } };
    const trial = begin(steps, { upTo: "approved" });
    expect(trial.must({ type: "plan.start" })).toEqual([
      "plan.started",
      "step.expanded a",
      "step.waiting a (children)",
      "step.readied a.0",
      "step.readied a.1",
      "step.readied a.2",
    ]);
    trial.lease();
    expect(trial.leases.map((lease) => lease.input)).toEqual([
      { n: 10, at: 0 },
      { n: 20, at: 1 },
      { n: 30, at: 2 },
    ]);
    expect(trial.plan.counts).toMatchObject({ waiting: 1, running: 3 });
  });

  test("ends with the outputs of its children in the order of the items", () => {
    const trial = begin({ a: three, b: { needs: ["a"] } });
    trial.succeed("a.2", { n: 3 });
    trial.succeed("a.0", { n: 1 });
    expect(trial.succeed("a.1", { n: 2 })).toEqual([
      "step.succeeded a.1#1",
      "step.succeeded a",
      "step.readied b",
    ]);
    expect(trial.last("step.succeeded").data).toEqual({ output: [{ n: 1 }, { n: 2 }, { n: 3 }] });
  });

  test("without items succeeds at once, with none", () => {
    const trial = begin({ a: { forEach: "[]" } });
    expect(trial.step("a")).toMatchObject({ status: "succeeded", output: [] });
    expect(trial.plan.status).toBe("completed");
  });

  test("is not made where its condition does not hold", () => {
    const trial = begin({ a: { ...three, when: "false" } });
    expect(trial.step("a").status).toBe("skipped");
  });

  test.each([
    ["5", "`forEach`: must come to a list, not 5"],
    ["[1, 2, 3].map(n, n / 0)", "`forEach`: "],
    ["[1, 2, 3]", "`forEach`: 3 items are more than 2"],
  ])("that comes to %s fails", (forEach, message) => {
    const trial = begin({ a: { forEach, ...optional } }, { limits: { forEachMax: 2 } });
    expect(trial.step("a")).toMatchObject({ status: "failed", error: { code: "expression" } });
    expect(trial.last("step.failed").data.error.message).toContain(message);
  });

  test("whose children would make too many steps of the plan fails, and says what would help", () => {
    const lists = { a: three, b: { ...three, needs: ["a"], ...optional }, c: {} };
    const trial = begin(lists, { limits: { stepsMax: 8 } });
    expect(trial.plan.counts).toMatchObject({ waiting: 1, ready: 4 });
    for (const key of ["a.0", "a.1"]) trial.succeed(key);
    expect(trial.succeed("a.2")).toEqual([
      "step.succeeded a.2#1",
      "step.succeeded a",
      "step.failed b (too-many-steps)",
    ]);
    expect(trial.last("step.failed").data.error).toEqual({
      code: "too-many-steps",
      message:
        "`forEach`: 3 children would make 9 steps of this plan, more than its limit `stepsMax`, which is 8; " +
        "shorten the list, leave parts of it to sub-plans (`do: plan`), or create the plan with a higher limit",
      retryable: false,
    });
  });

  test("may use up the limit of steps to the last, and two lists share it", () => {
    const limits = { stepsMax: 8 };
    const fits = begin({ a: three, b: three }, { limits });
    expect(fits.step("b").status).toBe("waiting");
    const trial = begin({ a: three, b: { ...three, ...optional }, c: {} }, { limits });
    expect([trial.step("a").status, trial.step("b").status]).toEqual(["waiting", "failed"]);
  });

  test("lets as many go at once as it may, in their order", () => {
    const trial = begin({ a: { forEach: { items: "[1, 2, 3, 4]", concurrency: 2 } } });
    expect(trial.lease()).toEqual(["attempt.started a.0#1", "attempt.started a.1#1"]);
    expect(trial.succeed("a.1")).toEqual(["step.succeeded a.1#1", "step.readied a.2"]);
    expect(trial.succeed("a.0")).toEqual(["step.succeeded a.0#1", "step.readied a.3"]);
    trial.succeed("a.3");
    expect(trial.succeed("a.2")).toEqual([
      "step.succeeded a.2#1",
      "step.succeeded a",
      "plan.completed",
    ]);
  });

  test("holds a child's place through retries, and gives it on when the child ends", () => {
    const trial = begin({
      a: { ...oneByOne, effect: "none", retry: { attempts: 2, first: "0s" } },
    });
    expect(trial.fail("a.0", { retryable: true })).toEqual([
      "attempt.failed a.0#1 (broken)",
      "step.readied a.0",
    ]);
    expect(trial.lose("a.0")).toEqual(["attempt.lost a.0#2 (worker-gone)", "step.readied a.0"]);
    expect(trial.succeed("a.0")).toEqual(["step.succeeded a.0#3", "step.readied a.1"]);
  });

  test("whose outputs are too large together fails, and says so", () => {
    const trial = begin({ a: { ...three, ...optional } }, { limits: { listBytesMax: 50 } });
    for (const key of ["a.0", "a.1", "a.2"]) trial.succeed(key, { text: "x".repeat(20) });
    expect(trial.last("step.failed")).toMatchObject({
      stepKey: "a",
      data: { error: { code: "output-too-large" } },
    });
  });
});

describe("a child that fails", () => {
  test("fails its list; those that run are drained, those that do not never will", () => {
    const trial = begin({ a: three });
    trial.lease({ slots: 2 });
    const report = trial.reportOf("a.0", {
      kind: "failed",
      error: { code: "broken", message: "It broke", retryable: false },
    });
    expect(trial.must(report)).toEqual([
      "step.failed a.0#1 (broken)",
      "step.cancelled a.2 (parent-ended)",
      "step.failed a (child-failed)",
      "plan.failing (child-failed)",
    ]);
    expect(trial.succeed("a.1")).toEqual(["step.succeeded a.1#1", "plan.failed (child-failed)"]);
    expect(trial.plan.error).toMatchObject({
      message: "a.0: It broke",
      details: { stepKey: "a.0", code: "broken" },
    });
  });

  test("is left behind by a list that goes on, which then lacks it", () => {
    const trial = begin({ a: { ...oneByOne, ...optional } });
    expect(trial.fail("a.0")).toEqual(["step.failed a.0#1 (broken)", "step.readied a.1"]);
    trial.succeed("a.1", { n: 2 });
    expect(trial.succeed("a.2")).toEqual([
      "step.succeeded a.2#1",
      "step.succeeded a",
      "plan.completed",
    ]);
    expect(trial.step("a")).toMatchObject({
      output: [null, { n: 2 }, null],
      partial: "1 of 3 children did not succeed",
    });
    expect(trial.plan.partial).toBe(true);
  });

  test("before it could start gives its place on in the same decision", () => {
    const trial = begin({
      a: {
        ...oneByOne,
        ...optional,
        do: "wait",
        wait: { until: "${{ item == 2 ? '2026-01-01T00:00:05Z' : 'never' }}" },
      },
    });
    expect(trial.events.slice(-5).map(({ type, stepKey }) => `${type} ${stepKey}`)).toEqual([
      "plan.started undefined",
      "step.expanded a",
      "step.waiting a",
      "step.failed a.0",
      "step.waiting a.1",
    ]);
    trial.pass(5000);
    expect(trial.fire("a.1")).toEqual([
      "step.succeeded a.1",
      "step.failed a.2 (time)",
      "step.succeeded a",
      "plan.completed",
    ]);
  });

  test("with others in one decision gives as many places on as there were", () => {
    const times = "['never', 'never', '2030-01-01T00:00:00Z', '2030-01-01T00:00:00Z', 'never']";
    const list = { do: "wait", wait: { until: "${{ item }}" }, ...optional } as const;
    const trial = begin({ a: { ...list, forEach: { items: times, concurrency: 2 } } });
    const statuses = [0, 1, 2, 3, 4].map((index) => trial.step(`a.${index}`).status);
    expect(statuses).toEqual(["failed", "failed", "waiting", "waiting", "pending"]);
  });

  test("leaves a list of which nothing succeeded with nothing to go on with", () => {
    const trial = begin({ a: { forEach: "[1, 2]", ...optional } });
    trial.fail("a.0");
    expect(trial.fail("a.1")).toEqual([
      "step.failed a.1#1 (broken)",
      "step.failed a (child-failed)",
      "plan.completed",
    ]);
    expect(trial.step("a")).toMatchObject({ error: { message: "none of 2 children succeeded" } });
  });

  test("may ask what now, and what is said of it is not asked again of the list", () => {
    const trial = begin({ a: { forEach: "[1, 2]", onFailure: "ask" } });
    expect(trial.fail("a.0")).toEqual([
      "attempt.failed a.0#1 (broken)",
      "request.created a.0 (step-failed)",
      "step.waiting a.0 (failed)",
    ]);
    expect(trial.answer("a.0", "skip")).toEqual([
      "request.decided a.0",
      "step.skipped a.0 (operator)",
    ]);
    trial.fail("a.1");
    expect(trial.answer("a.1", "fail")).toEqual([
      "request.decided a.1",
      "step.failed a.1 (broken)",
      "step.failed a (child-failed)",
      "plan.failing (child-failed)",
      "plan.failed (child-failed)",
    ]);
  });

  test("calls the stand-in of its list; what still runs of the list is not tried again", () => {
    const list = { ...three, onFailure: { fallback: "b" }, retry: { attempts: 5 } } as const;
    const trial = begin({ a: { ...list, effect: "none" }, b: {}, c: { needs: ["a"] } });
    trial.lease({ slots: 3 });
    expect(trial.fail("a.0")).toEqual([
      "step.failed a.0#1 (broken)",
      "step.waiting a (fallback)",
      "step.readied b",
    ]);
    expect(trial.fail("a.1", { retryable: true })).toEqual(["step.failed a.1#1 (broken)"]);
    expect(trial.lose("a.2")).toEqual([
      "attempt.lost a.2#1 (worker-gone)",
      "step.failed a.2 (lost)",
    ]);
    expect(trial.succeed("b", { n: 1 })).toEqual([
      "step.succeeded b#1",
      "step.succeeded a",
      "step.readied c",
    ]);
    expect(trial.step("a")).toMatchObject({ output: { n: 1 } });
  });

  test("is not given feedback, and does not ask, once its list has ended without it", () => {
    const verify = { checks: [{ expression: "output.ok" }], loops: 3 };
    const trial = begin({ a: { forEach: "[1, 2]", verify, onFailure: { fallback: "b" } }, b: {} });
    trial.lease();
    trial.fail("a.0");
    expect(trial.succeed("a.1", { ok: false })).toEqual([
      "check.failed a.1#1",
      "step.failed a.1#1 (verification-failed)",
    ]);
  });
});

describe("children that need no worker", () => {
  test("ask each for itself", () => {
    const trial = begin({ a: { ...ask, forEach: "['Left', 'Right']" } });
    expect(trial.plan.requests.get(trial.request("a.1"))?.title).toBe("Right?");
    trial.answer("a.1", "x");
    expect(trial.answer("a.0", "x")).toEqual([
      "request.decided a.0",
      "step.succeeded a.0",
      "step.succeeded a",
      "plan.completed",
    ]);
  });

  test("wait for signals in the order of the items", () => {
    const trial = begin({ a: { forEach: "[1, 2]", do: "wait", wait: { signal: "go" } } });
    const signal = { type: "signal.deliver", name: "go", payload: null } as const;
    expect(trial.must(signal)).toEqual(["signal.received", "step.succeeded a.0"]);
    expect(trial.must(signal)).toContain("step.succeeded a.1");
  });

  test("have a sub-plan each; one that is open outlives its list", () => {
    const trial = begin({ a: { ...sub, forEach: "[1, 2]", onFailure: { fallback: "b" } }, b: {} });
    const ended = (stepKey: string) => {
      const step = trial.step(stepKey);
      const childPlanId = step.status === "waiting" ? (step.childPlanId ?? "") : "";
      const failed = { status: "failed", partial: false } as const;
      return trial.must({ type: "child.report", stepKey, childPlanId, ...failed });
    };
    expect(ended("a.0")).toContain("step.waiting a (fallback)");
    expect(ended("a.1")).toEqual(["child.ended a.1", "step.failed a.1 (sub-plan)"]);
    expect(trial.succeed("b")).toContain("plan.completed");
  });

  test("pass a gate each", () => {
    const trial = begin({ a: { forEach: "[1, 2]", approve: true, with: { n: "${{ item }}" } } });
    trial.answer("a.1", { approved: true });
    expect(trial.lease()).toEqual(["approval.consumed a.1#1", "attempt.started a.1#1"]);
    expect(trial.leases[0]?.input).toEqual({ n: 2 });
  });
});

test("a list that failed before it had children is begun again where a person says so", () => {
  const forEach = "steps.b.status == 'pending' ? [1].map(n, n / 0) : [1]";
  const trial = begin({ a: { forEach, onFailure: "ask" }, b: { at: "2026-01-01T00:00:01Z" } });
  expect(trial.step("a")).toMatchObject({ status: "waiting", reason: "failed" });
  expect(trial.must({ type: "step.retry", stepKey: "a" })).toEqual([
    "request.closed a (retried)",
    "step.expanded a",
    "step.waiting a (children)",
    "step.readied a.0",
  ]);
});
