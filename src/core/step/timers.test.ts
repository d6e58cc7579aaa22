import { describe, expect, test } from "vitest";
import { TEST_PURE } from "../../testing/given.ts";
import type { RequestDocument } from "../plan/document.ts";
import { Trial, type Steps, type TrialOptions } from "../trial.test-helper.ts";
import { planTimer } from "./timers.ts";

const begin = (steps: Steps, options: Partial<TrialOptions> = {}) =>
  new Trial(steps, { pure: TEST_PURE, ...options });

describe("a timer that comes too early, or for nothing", () => {
  test("leaves everything as it is", () => {
    const trial = begin({
      a: { do: "wait", wait: { for: "1m" } },
      b: { do: "wait", wait: { signal: "x" } },
      c: { do: "human", request: { kind: "approval", title: "Go?" } },
      d: {},
    });
    trial.pass(59_999);
    for (const key of [null, "a", "b", "c", "d", "nobody"]) expect(trial.fire(key)).toEqual([]);
    expect(begin({ a: {} }, { upTo: "draft" }).fire(null)).toEqual([]);
  });

  test("comes twice, and the second finds nothing", () => {
    const trial = begin({ a: { do: "wait", wait: { for: "1m" } }, b: {} }).pass(60_000);
    expect(trial.fire("a")).toEqual(["step.succeeded a"]);
    expect(trial.fire("a")).toEqual([]);
  });
});

describe("a pause", () => {
  test.each([
    [{ for: "90s" }, "2026-01-01T00:01:30.000Z"],
    [{ for: "${{ inputs.pause }}" }, "2026-01-01T00:00:05.000Z"],
    [{ until: "2026-01-02T09:00:00+01:00" }, "2026-01-02T08:00:00.000Z"],
    [{ until: "2020-01-01T00:00:00Z" }, "2020-01-01T00:00:00.000Z"],
  ])("of %j ends at %s", (wait, until) => {
    const trial = begin({ a: { do: "wait", wait } }, { create: { inputs: { pause: "5s" } } });
    expect(trial.last("step.waiting").data).toEqual({ reason: "timer", until, input: undefined });
    trial.now = Math.max(trial.now, new Date(until).getTime());
    expect(trial.fire("a")).toEqual(["step.succeeded a", "plan.completed"]);
    expect(trial.last("step.succeeded").data.output).toHaveProperty("at");
  });

  test.each([
    [{ for: "soon" }, 'not a duration such as 10m: "soon"'],
    [{}, 'not a duration such as 10m: ""'],
    [{ for: "${{ 5 }}" }, 'not a duration such as 10m: "5"'],
    [{ for: "${{ 1 / 0 }}" }, ""],
    [{ until: "tomorrow" }, 'not an RFC 3339 time: "tomorrow"'],
    [{ until: "${{ 1 / 0 }}" }, ""],
    [{ signal: "${{ 1 / 0 }}" }, ""],
    [{ signal: "x", timeout: "soon" }, 'not a duration such as 10m: "soon"'],
  ])("of %j fails, and says what would be right", (wait, message) => {
    const trial = begin({ a: { do: "wait", wait, onFailure: "continue" } });
    expect(trial.last("step.failed").data.error.message).toContain(message);
  });
});

test("a signal that does not come in time fails its step", () => {
  const trial = begin({ a: { do: "wait", wait: { signal: "go", timeout: "1m" } } }).pass(60_000);
  expect(trial.fire("a")).toEqual([
    "step.failed a (wait-timeout)",
    "plan.failing (wait-timeout)",
    "plan.failed (wait-timeout)",
  ]);
  expect(trial.plan.error?.message).toBe('no signal "go" came in time');
});

describe("a request that nobody answers in time", () => {
  const asking = (request: Partial<RequestDocument>) => {
    const full = { kind: "approval", title: "Go?", due: "1h", ...request } as const;
    return begin({ a: { do: "human", request: full }, b: { needs: ["a"] } }).pass(3_600_000);
  };

  test("is a no", () => {
    expect(asking({}).fire("a")).toContain("step.failed a (request-expired)");
    const trial = asking({ kind: "review", onTimeout: "fail" });
    trial.fire("a");
    expect(trial.plan.error?.message).toBe('nobody answered "Go?" in time');
    const { requestId } = trial.last("request.expired").data;
    expect(trial.plan.requests.get(requestId)?.status).toBe("expired");
  });

  test("may let the plan go on without the step", () => {
    expect(asking({ onTimeout: "skip" }).fire("a")).toEqual([
      "request.expired a",
      "step.skipped a (timeout)",
      "step.skipped b (need-not-met)",
      "plan.completed",
    ]);
  });

  test("may be answered by its text, and it is said that nobody did", () => {
    const trial = asking({ onTimeout: { answer: { approved: true } } });
    expect(trial.fire("a")).toEqual(["request.decided a", "step.succeeded a", "step.readied b"]);
    expect(trial.last("request.decided")).toMatchObject({
      data: { by: "timeout", answer: { approved: true } },
      actor: { kind: "system" },
    });
    const no = asking({ onTimeout: { answer: { approved: false } } });
    expect(no.fire("a")).toContain("step.failed a (rejected)");
  });

  test("is answered as a person would have to answer", () => {
    const options = [{ value: "left" }];
    const trial = asking({ kind: "choice", options, onTimeout: { answer: { choice: "left" } } });
    trial.fire("a");
    expect(trial.step("a")).toMatchObject({ output: { choice: "left", by: "planwright" } });
    const wrong = asking({ kind: "choice", options, onTimeout: { answer: "right" } });
    expect(wrong.fire("a")).toContain("step.failed a (request-expired)");
    expect(wrong.plan.error?.message).toBe('nobody answered "Go?" in time; choose one of left');
  });

  test("can still be answered at the very moment, and not after", () => {
    const trial = asking({});
    const answer = {
      type: "request.decide",
      requestId: trial.request("a"),
      answer: { approved: true },
    } as const;
    trial.now += 1;
    expect(trial.try(answer)).toMatchObject({
      refusal: { code: "not-allowed", message: expect.stringContaining("it expires") },
    });
    trial.now -= 1;
    expect(trial.must(answer)).toContain("step.succeeded a");
  });
});

describe("the working time of a plan", () => {
  const text = { policy: { budget: { wall: "10m" } } } as const;

  test("runs while attempts are under way, and waiting is free", () => {
    const trial = begin({ a: {}, b: {}, c: { needs: ["a", "b"] } }, { text });
    expect(planTimer(trial.plan)).toBeNull();
    trial.pass(3_600_000).lease();
    expect(planTimer(trial.plan)).toBe(trial.now + 600_000);
    trial.pass(60_000).succeed("a");
    expect(planTimer(trial.plan)).toBe(trial.now + 540_000);
    trial.pass(60_000).succeed("b");
    expect(planTimer(trial.plan)).toBeNull();
    expect(trial.plan.workedMs).toBe(120_000);
    trial.pass(3_600_000).lease();
    expect(planTimer(trial.plan)).toBe(trial.now + 480_000);
  });

  test("that is used up fails the plan; what runs is drained", () => {
    const trial = begin({ a: {}, b: { needs: ["a"] } }, { text });
    trial.lease();
    expect(trial.pass(599_999).fire(null)).toEqual([]);
    expect(trial.pass(1).fire(null)).toEqual([
      "plan.failing (wall-time)",
      "step.cancelled b (plan-failing)",
    ]);
    expect(trial.fire(null)).toEqual([]);
    expect(planTimer(trial.plan)).toBeNull();
    expect(trial.succeed("a")).toEqual(["step.succeeded a#1", "plan.failed (wall-time)"]);
    expect(trial.plan.error?.message).toBe(
      "the plan has worked for 10m, its budget of working time",
    );
  });

  test("is bounded by the limits where its text says nothing", () => {
    const trial = begin({ a: {} }, { limits: { wallMs: 5000 } });
    trial.lease();
    expect(planTimer(trial.plan)).toBe(trial.now + 5000);
  });
});
