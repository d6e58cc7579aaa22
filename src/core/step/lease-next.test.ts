import { describe, expect, test } from "vitest";
import { TEST_PURE } from "../../testing/given.ts";
import { Trial, type Steps, type TrialOptions } from "../trial.test-helper.ts";

const begin = (steps: Steps, options: Partial<TrialOptions> = {}) =>
  new Trial(steps, { pure: TEST_PURE, ...options });

describe("a worker that asks for work", () => {
  test("gets as much as it has slots for", () => {
    const trial = begin({ a: {}, b: {}, c: {} });
    expect(trial.lease({ slots: 2 })).toEqual(["attempt.started a#1", "attempt.started b#1"]);
    expect(trial.lease({ slots: 0 })).toEqual([]);
    expect(trial.lease({ slots: 2 })).toEqual(["attempt.started c#1"]);
  });

  test("gets what is most urgent first, and among equals what stood in line longest", () => {
    const trial = begin({
      a: {},
      b: { priority: 5 },
      c: { do: "command", priority: 5 },
      d: { pool: "default", priority: -1 },
      e: { needs: ["x"] },
      x: { priority: 9 },
    });
    trial.lease({ slots: 1 });
    expect(trial.leases.map((lease) => lease.stepKey)).toEqual(["x"]);
    trial.succeed("x");
    const order = trial.events
      .filter(({ type }) => type === "attempt.started")
      .map(({ stepKey }) => stepKey);
    expect(order).toEqual(["x", "b", "c", "a", "d"]);
  });

  test("gets nothing of another pool, or that it cannot do", () => {
    const trial = begin({
      a: { pool: "gpu" },
      b: { do: "tool", owner: "mail" },
      c: { do: "tool", owner: "work" },
    });
    expect(trial.lease()).toEqual(["attempt.started c#1"]);
    expect(trial.lease({ pools: ["gpu", "other"] })).toEqual(["attempt.started a#1"]);
    expect(trial.lease({ capabilities: new Set(["tool:mail"]) })).toEqual(["attempt.started b#1"]);
  });

  test("gets no more than may be under way at once", () => {
    const trial = begin({ a: {}, b: {}, c: {} }, { text: { policy: { concurrency: 2 } } });
    expect(trial.lease()).toHaveLength(2);
    expect(trial.lease()).toEqual([]);
    trial.succeed("a");
    expect(trial.step("c").status).toBe("ready");
    expect(trial.lease()).toEqual(["attempt.started c#1"]);
  });

  test("gets nothing of a plan that does not execute", () => {
    expect(begin({ a: {} }, { upTo: "approved" }).lease()).toEqual([]);
  });

  test("gets nothing while an open request holds up the whole plan", () => {
    const request = { kind: "approval", title: "Go?" } as const;
    const trial = begin(
      { a: { do: "human", request }, b: {} },
      { text: { policy: { onRequest: "pause" } } },
    );
    expect(trial.lease()).toEqual([]);
    trial.answer("a", { approved: true });
    expect(trial.lease()).toEqual(["attempt.started b#1"]);
  });

  test("is given a step that must run alone only when nothing runs beside it", () => {
    const trial = begin({ a: { effect: "none" }, b: {} }, { limits: { recoveriesBeforeAlone: 1 } });
    trial.lease({ slots: 1 });
    trial.must({ type: "attempt.lose", stepKey: "a", attempt: 1, reason: "worker-gone" });
    expect(trial.lease({ idle: true })).toEqual(["attempt.started b#1"]);
    expect(trial.lease({ idle: false })).toEqual([]);
    expect(trial.lease({ idle: true })).toEqual(["attempt.started a#2"]);
    const first = begin(
      { a: { effect: "none", priority: 1 }, b: {} },
      { limits: { recoveriesBeforeAlone: 1 } },
    );
    first.lease({ slots: 1 });
    first.must({ type: "attempt.lose", stepKey: "a", attempt: 1, reason: "worker-gone" });
    expect(first.lease({ idle: true })).toEqual(["attempt.started a#2"]);
  });
});

describe("a lease", () => {
  test("says all that is needed to carry out the attempt", () => {
    const trial = begin(
      {
        a: {
          do: "tool",
          owner: "work",
          with: { to: "${{ inputs.to }}" },
          timeout: "5m",
          idle: "10s",
        },
      },
      { create: { inputs: { to: "ada" }, pins: { tools: { work: { effect: "repeatable" } } } } },
    );
    trial.lease();
    const [lease] = trial.leases;
    expect(lease).toMatchObject({
      tenantId: "acme",
      planId: "pln_1",
      stepKey: "a",
      attempt: 1,
      effect: "repeatable",
      input: { to: "ada" },
      timeoutMs: 300_000,
      idleMs: 10_000,
      feedback: [],
      loop: 0,
      origin: { kind: "library", trust: "operator" },
      alone: false,
    });
    expect(lease?.scope.inputs).toEqual({ to: "ada" });
    expect(trial.last("attempt.started").data).toMatchObject({
      input: { to: "ada" },
      effect: "repeatable",
    });
  });

  test("of a text without expressions leaves the input where it stands", () => {
    const trial = begin({ a: { with: { n: 1 } }, b: {} });
    trial.lease();
    expect(
      trial.leases.map(({ input, timeoutMs, idleMs }) => ({ input, timeoutMs, idleMs })),
    ).toEqual([
      { input: { n: 1 }, timeoutMs: 3_600_000, idleMs: null },
      { input: {}, timeoutMs: 3_600_000, idleMs: null },
    ]);
    expect(trial.last("attempt.started").data).not.toHaveProperty("input");
  });

  test("sees what has become of other steps since", () => {
    const trial = begin({ a: {}, b: {} });
    trial.lease();
    const { scope } = trial.leases[0] ?? {};
    trial.succeed("b", { n: 1 });
    expect(scope?.step("b")).toEqual({ status: "succeeded", output: { n: 1 }, error: null });
    expect(scope?.step("nobody")).toBeUndefined();
  });
});

describe("an input that cannot be made", () => {
  test("fails its step before it starts, and the slot goes to the next", () => {
    const trial = begin({ a: { with: { n: "${{ 1 / 0 }}" }, onFailure: "continue" }, b: {} });
    expect(trial.lease({ slots: 1 })).toEqual([
      "step.failed a (expression)",
      "attempt.started b#1",
    ]);
  });

  test("is also one that is too large", () => {
    const trial = begin(
      { a: { with: { n: "${{ inputs.text + inputs.text }}" } } },
      { create: { inputs: { text: "x".repeat(30) } }, limits: { valueBytesMax: 50 } },
    );
    expect(trial.lease()).toContain("step.failed a (expression)");
    expect(trial.plan.error?.message).toContain("it is 68 bytes, more than 50");
  });

  test("takes up no slot where its step asks what now", () => {
    const trial = begin({ a: { with: { n: "${{ 1 / 0 }}" }, onFailure: "ask" } });
    expect(trial.lease()).toEqual(["request.created a (step-failed)", "step.waiting a (failed)"]);
    expect(trial.answer("a", "retry")).toEqual(["request.decided a", "step.readied a"]);
  });
});
