import { describe, expect, test } from "vitest";
import { TEST_PURE } from "../../testing/given.ts";
import { Trial, type Steps, type TrialOptions } from "../trial.test-helper.ts";

const begin = (steps: Steps, options: Partial<TrialOptions> = {}) =>
  new Trial(steps, { pure: TEST_PURE, ...options });
const transient = { code: "busy", message: "Busy", retryable: true };
const failed = { kind: "failed", error: transient } as const;

describe("an attempt that succeeds", () => {
  test("ends its step with what it brought, and makes artifacts known", () => {
    const trial = begin({ a: {} });
    const artifact = { id: "art_1", name: "log", sha256: "0", size: 1, mediaType: "text/plain" };
    const outcome = {
      kind: "succeeded",
      output: { n: 1 },
      artifacts: [artifact],
      workedMs: 12,
    } as const;
    expect(trial.report("a", outcome)).toEqual([
      "artifact.published a#1",
      "step.succeeded a#1",
      "plan.completed",
    ]);
    expect(trial.last("step.succeeded").data).toEqual({
      output: { n: 1 },
      artifacts: [artifact],
      workedMs: 12,
      outcomeDigest: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  test("in part makes the plan's success one in part", () => {
    const trial = begin({ a: {} });
    trial.report("a", { kind: "succeeded", output: null, partial: "the second half" });
    expect(trial.step("a")).toMatchObject({ partial: "the second half" });
    expect(trial.plan).toMatchObject({ status: "completed", partial: true });
  });

  test("takes the next step along in the same decision, where its worker has a slot", () => {
    const trial = begin({ a: {}, b: { needs: ["a"] }, c: { needs: ["b"] } });
    trial.lease();
    const report = trial.reportOf("a", { kind: "succeeded", output: null });
    const offer = {
      workerId: "wrk_1",
      slots: 1,
      pools: ["default"],
      capabilities: new Set(["agent"]),
      idle: false,
    };
    expect(trial.must({ ...report, offer })).toEqual([
      "step.succeeded a#1",
      "step.readied b",
      "attempt.started b#1",
    ]);
    expect(trial.leases.map((lease) => lease.stepKey)).toEqual(["b"]);
  });
});

describe("an attempt that fails", () => {
  const retry = { attempts: 3, first: "10s", factor: 3, max: "25s" } as const;

  test("is tried again after a backoff that grows up to its limit, and not before", () => {
    const trial = begin({ a: { retry } });
    const told = ["attempt.failed a#1 (busy)", "step.readied a"];
    expect(trial.report("a", failed, { chance: 0 })).toEqual(told);
    expect(trial.step("a")).toMatchObject({
      status: "ready",
      notBefore: trial.now + 5000,
      failures: 1,
    });
    expect(trial.last("attempt.failed").data.retryAt).toBe("2026-01-01T00:00:05.000Z");
    expect(trial.pass(4999).lease()).toEqual([]);
    expect(trial.pass(1).lease()).toEqual(["attempt.started a#2"]);
    trial.report("a", failed, { chance: 1 });
    expect(trial.step("a")).toMatchObject({ notBefore: trial.now + 25_000 });
  });

  test("as often as its text allows fails the step with the last error", () => {
    const trial = begin({ a: { retry: { attempts: 2, first: "0s" } } });
    trial.report("a", failed);
    expect(trial.step("a")).toMatchObject({ status: "ready", notBefore: null });
    expect(trial.report("a", failed)).toEqual([
      "step.failed a#2 (busy)",
      "plan.failing (busy)",
      "plan.failed (busy)",
    ]);
  });

  test("for a reason that another attempt would not change is not tried again", () => {
    const trial = begin({ a: { retry } });
    expect(trial.fail("a")).toContain("step.failed a#1 (broken)");
  });

  test("is tried by the policy of its plan where its step says nothing", () => {
    const text = { policy: { retry: { attempts: 1 } } } as const;
    expect(begin({ a: {} }, { text }).report("a", failed)).toContain("step.failed a#1 (busy)");
    expect(begin({ a: {} }).report("a", failed)).toContain("step.readied a");
  });

  test("with an effect that may have happened, and must not happen twice, asks first", () => {
    const error = { ...transient, ambiguous: true };
    const once = begin({ a: { effect: "once" } });
    expect(once.report("a", { kind: "failed", error })).toEqual([
      "attempt.failed a#1 (busy)",
      "request.created a (ambiguous-effect)",
      "step.waiting a (ambiguous-effect)",
    ]);
    const harmless = begin({ a: { effect: "repeatable" } });
    expect(harmless.report("a", { kind: "failed", error })).toContain("step.readied a");
  });

  test("keeps an error that can be kept", () => {
    const trial = begin({ a: {} });
    trial.fail("a", { message: "x".repeat(10_000), details: "y".repeat(100_000) });
    const { error } = trial.last("step.failed").data;
    expect(error.message).toHaveLength(4097);
    expect(error).not.toHaveProperty("details");
  });
});

describe("a report that no longer counts", () => {
  test("is refused, changes nothing, and is told once for each who brings it", () => {
    const trial = begin({ a: { effect: "none" } });
    trial.lease();
    const late = trial.reportOf("a", { kind: "succeeded", output: { late: true } });
    trial.lose("a");
    const decision = trial.try(late);
    expect(decision).toMatchObject({ ok: false, refusal: { code: "stale-attempt", current: 1 } });
    expect(decision.events.map((event) => event.type)).toEqual(["attempt.refused"]);
    expect(trial.last("attempt.refused").data).toMatchObject({
      current: 1,
      workerId: "wrk_1",
      brought: { outcome: { kind: "succeeded", output: { late: true } } },
    });
    expect(trial.try(late).events).toEqual([]);
    expect(trial.try({ ...late, workerId: "wrk_2" }).events).toHaveLength(1);
    expect(trial.step("a").status).toBe("ready");
  });

  test("is refused while another attempt is under way, and when the attempt is another worker's", () => {
    const trial = begin({ a: { effect: "none" } });
    trial.lease();
    const first = trial.reportOf("a", { kind: "succeeded", output: null });
    trial.lose("a");
    trial.lease();
    expect(trial.refused(first)).toBe("stale-attempt");
    expect(trial.refused({ ...first, attempt: 2, workerId: "wrk_9" })).toBe("stale-attempt");
    expect(trial.succeed("a")).toContain("step.succeeded a#2");
  });

  test("is refused when its plan has ended, and that is still told", () => {
    const trial = begin({ a: {} });
    trial.lease();
    const late = trial.reportOf("a", failed);
    trial.must({ type: "plan.cancel", mode: "stop" });
    expect(trial.try(late).events.map((event) => event.type)).toEqual(["attempt.refused"]);
  });

  test("of an attempt that there never was leaves nothing", () => {
    const trial = begin({ a: {} });
    trial.lease();
    const report = trial.reportOf("a", failed);
    expect(trial.try({ ...report, attempt: 2 })).toMatchObject({ ok: false, events: [] });
    expect(trial.try({ ...report, attempt: 0 })).toMatchObject({ ok: false, events: [] });
    expect(trial.refused({ ...report, stepKey: "nobody" })).toBe("not-found");
  });

  test("keeps of a large outcome that it came", () => {
    const trial = begin({ a: {} });
    trial.lease();
    const late = trial.reportOf("a", { kind: "succeeded", output: "x".repeat(70_000) });
    trial.must({ type: "step.complete", stepKey: "a", output: null, note: "by hand" });
    trial.try(late);
    expect(trial.last("attempt.refused").data.brought).toMatchObject({
      outcome: { kind: "succeeded", cut: true },
    });
  });
});

describe("the same report sent again", () => {
  test("gets the answer that the first one got, and leaves nothing", () => {
    const trial = begin({
      a: {},
      b: { onFailure: "continue" },
      c: { retry: { attempts: 2 } },
      d: {},
    });
    trial.lease();
    const reports = [
      trial.reportOf("a", { kind: "succeeded", output: { n: 1 } }),
      trial.reportOf("b", { kind: "failed", error: { ...transient, retryable: false } }),
      trial.reportOf("c", failed),
    ];
    for (const report of reports) trial.must(report);
    const told = trial.events.length;
    for (const report of reports) expect(trial.must(report)).toEqual([]);
    expect(trial.events).toHaveLength(told);
  });

  test("is late once another attempt has begun", () => {
    const trial = begin({ a: { retry: { attempts: 3, first: "0s" } } });
    trial.lease();
    const report = trial.reportOf("a", failed);
    trial.must(report);
    trial.lease();
    expect(trial.refused(report)).toBe("stale-attempt");
  });

  test("of an attempt before the last is late, even where the last one brought the same", () => {
    const trial = begin({ a: { retry: { attempts: 3, first: "0s" } } });
    trial.lease();
    const report = trial.reportOf("a", failed);
    trial.must(report);
    trial.lease();
    trial.must({ ...report, attempt: 2 });
    expect(trial.step("a").status).toBe("ready");
    expect(trial.refused(report)).toBe("stale-attempt");
    expect(trial.must({ ...report, attempt: 2 })).toEqual([]);
  });

  test("is another one when it says something else", () => {
    const trial = begin({ a: {} });
    trial.lease();
    const report = trial.reportOf("a", { kind: "succeeded", output: { n: 1 } });
    trial.must(report);
    expect(trial.refused({ ...report, outcome: failed })).toBe("stale-attempt");
  });
});
