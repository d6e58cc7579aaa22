import { describe, expect, test } from "vitest";
import { TEST_PURE } from "../../testing/given.ts";
import type { PlanCommand } from "../plan/command.ts";
import { decide } from "../plan/decide.ts";
import { evolve } from "../plan/evolve.ts";
import type { Plan } from "../plan/plan.ts";
import { BOT, Trial, type Steps, type TrialOptions } from "../trial.test-helper.ts";

const begin = (steps: Steps, options: Partial<TrialOptions> = {}) =>
  new Trial(steps, { pure: TEST_PURE, ...options });
const yes = { approved: true };

describe("a gate", () => {
  test("asks before the first attempt, and shows exactly what will be carried out", () => {
    const approve = {
      title: "Send it?",
      message: "To ${{ inputs.to }}",
      assignees: ["role:editor"],
      due: "1h",
    };
    const trial = begin(
      { a: { do: "tool", owner: "work", approve, with: { to: "${{ inputs.to }}" } } },
      { create: { inputs: { to: "ada" } } },
    );
    expect(trial.last("request.created").data).toMatchObject({
      kind: "approval",
      reason: "gate",
      title: "Send it?",
      message: "To ada",
      assignees: ["role:editor"],
      dueAt: "2026-01-01T01:00:00.000Z",
      onTimeout: { kind: "fail" },
    });
    expect(trial.step("a")).toMatchObject({
      status: "waiting",
      reason: "gate",
      input: { to: "ada" },
    });
    expect(trial.lease()).toEqual([]);
  });

  test("needs no words of its own", () => {
    const trial = begin({ a: { approve: true, title: "Publish" }, b: { approve: true } });
    expect(trial.plan.requests.get(trial.request("a"))?.title).toBe('Let "Publish" start?');
    expect(trial.plan.requests.get(trial.request("b"))?.title).toBe('Let "b" start?');
  });

  test("that is answered with yes is used up by the first attempt, and by no other", () => {
    const trial = begin({ a: { approve: true, effect: "none", with: { n: 1 } } });
    const requestId = trial.request("a");
    expect(trial.answer("a", yes)).toEqual(["request.decided a", "step.readied a"]);
    expect(trial.lease()).toEqual(["approval.consumed a#1", "attempt.started a#1"]);
    expect(trial.last("approval.consumed").data).toEqual({
      requestId,
      digest: trial.plan.requests.get(requestId)?.subjectDigest,
    });
    trial.lose("a");
    expect(trial.lease()).toEqual(["attempt.started a#2"]);
    expect(trial.leases[0]?.input).toEqual({ n: 1 });
  });

  test("that was answered starts alike in a plan that was folded here and in one read from the log", () => {
    const trial = begin({ a: { do: "tool", owner: "work", approve: true, with: { n: 1 } } });
    trial.answer("a", yes);
    let read: Plan | null = null;
    for (const event of trial.events) {
      read = evolve(read, structuredClone(event), () => trial.revision);
    }
    const command: PlanCommand = {
      id: "cmd_lease",
      type: "attempt.lease",
      planId: trial.plan.id,
      at: trial.plan.time,
      actor: BOT,
      offer: {
        workerId: "wrk_1",
        slots: 1,
        pools: ["default"],
        capabilities: new Set(["tool:work"]),
        idle: true,
      },
    };
    const { events } = decide(trial.plan, command, TEST_PURE);
    expect(events.map(({ type }) => type)).toEqual(["approval.consumed", "attempt.started"]);
    expect(decide(read, command, TEST_PURE).events).toEqual(events);
  });

  test("binds every attempt to the approved input, whatever its expressions would come to later", () => {
    const steps = {
      a: {
        needs: { any: ["b", "c"] },
        approve: true,
        effect: "none",
        with: { seen: "${{ steps.c.status }}" },
      },
      b: {},
      c: { at: "2026-01-01T00:00:01Z" },
    } as const;
    const trial = begin(steps);
    trial.succeed("b");
    trial.answer("a", yes);
    trial.pass(1000).succeed("c");
    trial.lease();
    expect(trial.last("attempt.started").data.input).toEqual({ seen: "ready" });
    trial.lose("a");
    trial.lease();
    expect(trial.last("attempt.started").data.input).toEqual({ seen: "ready" });
    expect(trial.leases[0]?.input).toEqual({ seen: "ready" });
  });

  test("that is answered with no fails the step, and no stand-in turns that into a yes", () => {
    const trial = begin({ a: { approve: true, onFailure: { fallback: "b" } }, b: {} });
    const said = { requestId: trial.request("a"), answer: { approved: false } };
    expect(trial.must({ type: "request.decide", ...said, comment: "Not today" })).toEqual([
      "request.decided a",
      "step.failed a (rejected)",
      "plan.failing (rejected)",
      "step.cancelled b (plan-failing)",
      "plan.failed (rejected)",
    ]);
    expect(trial.plan.error?.message).toBe("rejected by ada: Not today");
    expect(trial.step("a").approval).toBeNull();
  });

  test("that nobody answers in time is a no", () => {
    const trial = begin({ a: { approve: { due: "1m" } } }).pass(60_000);
    expect(trial.fire("a")).toEqual([
      "request.expired a",
      "step.failed a (request-expired)",
      "plan.failing (request-expired)",
      "plan.failed (request-expired)",
    ]);
  });

  test("is not opened by an agent, by whatever door", () => {
    const trial = begin({ a: { approve: true } });
    const answer = { type: "request.decide", requestId: trial.request("a"), answer: yes } as const;
    expect(trial.refused({ ...answer, actor: BOT })).toBe("forbidden");
    const skip = { type: "step.skip", stepKey: "a", reason: "" } as const;
    expect(trial.refused({ ...skip, actor: BOT })).toBe("forbidden");
    const complete = { type: "step.complete", stepKey: "a", output: null, note: "" } as const;
    expect(trial.refused({ ...complete, actor: BOT })).toBe("forbidden");
  });

  test("is asked again, with what it would be now, where its step failed before it could start", () => {
    const at = "${{ steps.b.status == 'pending' ? 'never' : '2026-01-01T00:00:00Z' }}";
    const trial = begin({
      a: { approve: true, at, onFailure: "ask" },
      b: { needs: ["c"] },
      c: {},
    });
    trial.answer("a", yes);
    expect(trial.step("a")).toMatchObject({ status: "waiting", reason: "failed" });
    trial.succeed("c");
    expect(trial.answer("a", "retry")).toEqual([
      "request.decided a",
      "request.created a (gate)",
      "step.waiting a (gate)",
    ]);
    expect(trial.answer("a", yes)).toEqual(["request.decided a", "step.readied a"]);
  });

  test("whose own words cannot be filled in fails its step before anybody is asked", () => {
    const input = begin({
      a: { approve: true, with: { n: "${{ 1 / 0 }}" }, onFailure: "continue" },
    });
    expect(input.step("a")).toMatchObject({ status: "failed", error: { code: "expression" } });
    const words = begin({ a: { approve: { message: "${{ 1 / 0 }}" }, onFailure: "continue" } });
    expect(words.step("a")).toMatchObject({ status: "failed", error: { code: "expression" } });
  });
});

describe("a gate before a step that no worker carries out", () => {
  const sub = { do: "plan", plan: { plan: "Sub", steps: { a: { do: "agent" } } } } as const;

  test("stands before a sub-plan, which begins with the approved input", () => {
    const trial = begin(
      { a: { ...sub, approve: true, with: { n: "${{ inputs.n }}" } } },
      { create: { inputs: { n: 7 } } },
    );
    expect(trial.step("a")).toMatchObject({ status: "waiting", reason: "gate" });
    expect(trial.answer("a", yes)).toEqual([
      "request.decided a",
      "approval.consumed a",
      "step.waiting a (sub-plan)",
    ]);
    expect(trial.step("a")).toMatchObject({ input: { n: 7 } });
  });

  test("stands before a pause and before a question", () => {
    const trial = begin({
      a: { do: "wait", wait: { for: "1m" }, approve: true },
      b: { do: "human", request: { kind: "input", title: "Name?" }, approve: true },
    });
    expect(trial.answer("a", yes)).toContain("step.waiting a (timer)");
    expect(trial.answer("b", yes)).toContain("step.waiting b (request)");
    expect(trial.answer("b", { name: "x" })).toContain("step.succeeded b");
  });
});
