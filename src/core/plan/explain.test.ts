import { describe, expect, test } from "vitest";
import { TEST_PURE } from "../../testing/given.ts";
import { Trial, type Steps, type TrialOptions } from "../trial.test-helper.ts";
import type { SharedLimit } from "../shared/shared-limit.ts";
import { explainPlan, explainStep, type Surroundings } from "./explain.ts";

const begin = (steps: Steps, options: Partial<TrialOptions> = {}) =>
  new Trial(steps, { pure: TEST_PURE, ...options });
const AROUND = { workers: null, limits: [] };
const ask = { do: "human", request: { kind: "approval", title: "Go?" } } as const;

function why(trial: Trial, around: Partial<Surroundings> = {}) {
  return explainPlan(trial.plan, { ...AROUND, now: trial.now, ...around });
}

function whyStep(trial: Trial, key: string, around: Partial<Surroundings> = {}) {
  return explainStep(trial.plan, trial.step(key), { ...AROUND, now: trial.now, ...around });
}

describe("a plan that does not move says why, and what would move it", () => {
  test("as long as it has not started", () => {
    expect(why(begin({ a: {} }, { upTo: "draft" }))).toEqual([
      { code: "draft", stepKey: null, message: "the plan is draft", unblock: "submit" },
    ]);
    const [asked] = why(begin({ a: {} }, { upTo: "pending-approval" }));
    expect(asked).toMatchObject({ code: "pending-approval", unblock: "approve" });
    expect(why(begin({ a: {} }, { upTo: "approved" }))[0]?.unblock).toBe("start");
  });

  test("when it is paused, or over", () => {
    const trial = begin({ a: {} });
    trial.must({ type: "plan.pause" });
    expect(why(trial)).toMatchObject([{ code: "paused", unblock: "resume it" }]);
    trial.must({ type: "plan.cancel", mode: "stop" });
    expect(why(trial)).toMatchObject([
      { code: "ended", message: "the plan is cancelled", unblock: null },
    ]);
  });

  test("when nothing has verified it", () => {
    const steps = { a: { when: "false", verify: { checks: [{ expression: "true" }] } } };
    const trial = begin(steps, { text: { policy: { verification: "required" } } });
    expect(why(trial)).toMatchObject([
      { code: "verification-missing", unblock: "finish it as a failure, or cancel it" },
    ]);
  });

  test("by each of its steps that does not move by itself", () => {
    const trial = begin({ a: {}, b: {}, c: { needs: ["a"] }, d: { when: "false" } });
    trial.lease({ slots: 1 });
    expect(why(trial).map(({ code, stepKey }) => `${code} ${stepKey}`)).toEqual(["line b"]);
  });
});

describe("a step that has not been let go", () => {
  test("names the needs that have not ended", () => {
    const trial = begin({ a: {}, b: {}, c: { needs: ["a", "b"] } });
    trial.succeed("a");
    expect(whyStep(trial, "c")).toEqual([
      {
        code: "need",
        stepKey: "c",
        message: 'it needs "b" (running)',
        unblock: "see why b does not move",
      },
    ]);
  });

  test("names ten of many", () => {
    const keys = Array.from({ length: 12 }, (_, index) => `s${index}`);
    const steps: Steps = Object.fromEntries(keys.map((key) => [key, {}]));
    const [need] = whyStep(begin({ ...steps, z: { needs: keys } }), "z");
    expect(need?.message).toMatch(/"s9" \(ready\) and 2 more$/);
  });

  test("may stand in for another, or wait for its place in a list", () => {
    const trial = begin({
      a: { onFailure: { fallback: "b" } },
      b: {},
      c: { forEach: { items: "[1, 2]", concurrency: 1 } },
    });
    expect(whyStep(trial, "b")).toMatchObject([
      {
        code: "fallback",
        message: 'it stands in for "a" and starts only if that fails',
        unblock: null,
      },
    ]);
    expect(whyStep(trial, "c.1")).toMatchObject([{ code: "place" }]);
  });
});

describe("a step in line", () => {
  test("may have to wait for its time, or for the end of a backoff, which can be cut short", () => {
    const trial = begin({ a: { at: "2026-01-01T00:01:00Z" }, b: {} });
    trial.fail("b", { retryable: true, code: "busy" });
    expect(whyStep(trial, "a")).toMatchObject([
      {
        code: "start-time",
        message: "not before 2026-01-01T00:01:00.000Z: its own start time",
        unblock: null,
      },
    ]);
    expect(whyStep(trial, "b")).toMatchObject([
      {
        code: "backoff",
        message: "not before 2026-01-01T00:00:00.500Z: a backoff after busy",
        unblock: "step retry pln_1 b",
      },
    ]);
    expect(whyStep(trial, "b", { now: trial.now + 500 })).toMatchObject([{ code: "line" }]);
  });

  test("may be held up by the cap, or by an open request", () => {
    const capped = begin({ a: {}, b: {} }, { text: { policy: { concurrency: 1 } } });
    capped.lease();
    expect(whyStep(capped, "b")).toMatchObject([
      { code: "cap", message: "1 of 1 attempts of the plan are under way" },
    ]);
    const held = begin({ a: ask, b: {} }, { text: { policy: { onRequest: "pause" } } });
    expect(whyStep(held, "b")).toMatchObject([{ code: "request", unblock: "answer it" }]);
    held.answer("a", { approved: true });
    expect(whyStep(held, "b")).toMatchObject([{ code: "line" }]);
  });

  test("may have no worker that serves it", () => {
    const trial = begin({ a: { pool: "gpu" } });
    const worker = (pool: string, capability: string) => ({
      pools: [pool],
      capabilities: new Set([capability]),
    });
    const workers = [worker("gpu", "command"), worker("default", "agent")];
    expect(whyStep(trial, "a", { workers })).toMatchObject([
      {
        code: "worker",
        message: 'no worker serves pool "gpu" with agent',
        unblock: "start a worker that does",
      },
    ]);
    expect(whyStep(trial, "a", { workers: [worker("gpu", "agent")] })).toMatchObject([
      { code: "line" },
    ]);
  });
});

describe("a step that a limit has no room for", () => {
  const trial = begin({ a: { pool: "gpu" }, b: { do: "tool", owner: "mail" } });
  const of = (limit: Partial<SharedLimit>) => ({
    limits: [{ key: "pool:gpu", max: 7, used: 7, stopped: null, ...limit } as const],
  });

  test("names it, and what is taken of it", () => {
    expect(whyStep(trial, "a", of({}))).toEqual([
      {
        code: "limit",
        stepKey: "a",
        message: "it waits for room in pool gpu: 7 of 7 in use",
        unblock: null,
      },
    ]);
    expect(whyStep(trial, "a", of({ key: "tenant" }))[0]?.message).toBe(
      "it waits for room in tenant acme: 7 of 7 in use",
    );
    expect(whyStep(trial, "b", of({ key: "owner:tool:mail" }))[0]?.message).toBe(
      "it waits for room in owner tool:mail: 7 of 7 in use",
    );
  });

  test("says what would unblock it, where nobody's end does", () => {
    expect(whyStep(trial, "a", of({ max: 0, used: 0 }))).toMatchObject([
      {
        message: "it waits for room in pool gpu: 0 of 0 in use",
        unblock: "limit set pool:gpu N",
      },
    ]);
    expect(whyStep(trial, "a", of({ key: "budget:attempts" }))).toMatchObject([
      {
        message: "the tenant's budget of attempts is used up: 7 of 7",
        unblock: "limit set budget:attempts N --tenant acme",
      },
    ]);
  });

  test("says that the tenant is stopped, and why", () => {
    const stopped = { at: 0, reason: "it runs wild" };
    expect(whyStep(trial, "a", of({ key: "tenant", max: null, stopped }))).toMatchObject([
      { message: "tenant acme stopped: it runs wild", unblock: "tenant start acme" },
    ]);
    const silent = { at: 0, reason: null };
    expect(whyStep(trial, "a", of({ key: "tenant", stopped: silent }))[0]?.message).toBe(
      "tenant acme stopped",
    );
  });

  test("is not held up by one that has room, or that is another's", () => {
    expect(whyStep(trial, "a", of({ used: 6 }))).toMatchObject([{ code: "line" }]);
    expect(whyStep(trial, "b", of({}))).toMatchObject([{ code: "line" }]);
  });
});

describe("a step that waits", () => {
  test("says for whom, and how to answer", () => {
    const request = {
      kind: "choice",
      title: "Which?",
      assignees: ["role:editor", "person:ada"],
      options: [{ value: "x" }],
    } as const;
    const trial = begin({ a: ask, b: { do: "human", request }, c: { approve: true } });
    expect(whyStep(trial, "a")).toMatchObject([
      {
        code: "request",
        message: 'request: it waits for anybody to answer "Go?"',
        unblock: `request approve ${trial.request("a")}`,
      },
    ]);
    expect(whyStep(trial, "b")).toMatchObject([
      {
        message: 'request: it waits for role:editor, person:ada to answer "Which?"',
        unblock: `request answer ${trial.request("b")}`,
      },
    ]);
    expect(whyStep(trial, "c")).toMatchObject([{ code: "gate" }]);
  });

  test("says what it waits for otherwise", () => {
    const trial = begin({
      a: { do: "wait", wait: { for: "1m" } },
      b: { do: "wait", wait: { signal: "go" } },
      c: { do: "wait", wait: { signal: "go", timeout: "1m" } },
      d: { do: "plan", plan: { plan: "Sub", steps: { x: { do: "agent" } } } },
      e: { forEach: "[1]" },
      f: { when: "1", onFailure: { fallback: "g" } },
      g: {},
    });
    const messages = ["a", "b", "c", "e", "f"].map((key) => whyStep(trial, key)[0]?.message);
    expect(messages).toEqual([
      "it waits until 2026-01-01T00:01:00.000Z",
      'it waits for the signal "go"',
      'it waits for the signal "go" until 2026-01-01T00:01:00.000Z',
      "it waits for its children",
      "it waits for its fallback",
    ]);
    expect(whyStep(trial, "b")[0]?.unblock).toBe("signal pln_1 go");
    expect(whyStep(trial, "d")[0]?.unblock).toMatch(/^plan explain pln_/);
  });
});

test("a step that runs or has ended has nothing to explain", () => {
  const trial = begin({ a: {}, b: { when: "false" } });
  trial.lease();
  expect([...whyStep(trial, "a"), ...whyStep(trial, "b")]).toEqual([]);
});
