import { describe, expect, test } from "vitest";
import { TEST_PURE } from "../testing/given.ts";
import { Trial, type Steps, type TrialOptions, type Wish } from "./trial.test-helper.ts";
import { wakeups } from "./wakeup.ts";

const begin = (steps: Steps, options: Partial<TrialOptions> = {}) =>
  new Trial(steps, { pure: TEST_PURE, ...options });
const sub = { do: "plan", plan: { plan: "Sub", steps: { a: { do: "agent" } } } } as const;

/** What one more wish changes of when somebody must look again. */
function after(trial: Trial, wish: Wish) {
  const before = trial.events.length;
  trial.must(wish);
  return wakeups(trial.plan, trial.events.slice(before));
}

function ofAll(trial: Trial) {
  return wakeups(trial.plan, trial.events);
}

const childOf = (trial: Trial) => [...trial.plan.children.entries()][0]?.[0] ?? "";

describe("timers", () => {
  test("are those of the plan and of the steps that something happened to, as they are now", () => {
    const trial = begin({ a: { do: "wait", wait: { for: "1m" } }, b: {}, c: {} });
    trial.lease({ slots: 1 });
    expect(ofAll(trial).timers).toEqual([
      { stepKey: null, at: trial.now + 86_400_000 },
      { stepKey: "a", at: trial.now + 60_000 },
      { stepKey: "b", at: null },
      { stepKey: "c", at: null },
    ]);
    const { timers } = after(trial, { type: "step.skip", stepKey: "a", reason: "" });
    expect(timers).toContainEqual({ stepKey: "a", at: null });
    expect(timers).not.toContainEqual({ stepKey: "c", at: null });
  });

  test("of a question run out when it is due", () => {
    const request = { kind: "approval", title: "Go?", due: "1h" } as const;
    const trial = begin({ a: { do: "human", request }, b: { approve: true } });
    expect(ofAll(trial).timers).toEqual([
      { stepKey: null, at: null },
      { stepKey: "a", at: trial.now + 3_600_000 },
      { stepKey: "b", at: null },
    ]);
  });
});

describe("lanes", () => {
  const lane = { pool: "default", capability: "agent", alone: false };

  test("say since when somebody may start in them, and how urgent it is", () => {
    const trial = begin({ a: { priority: 3 }, b: {}, c: { pool: "gpu", priority: -2 } });
    expect(ofAll(trial).lanes).toEqual([
      { lane, atOnce: true, at: trial.now, priority: 3 },
      { lane: { ...lane, pool: "gpu" }, atOnce: true, at: trial.now, priority: -2 },
    ]);
    const [left] = after(trial, { type: "step.skip", stepKey: "a", reason: "" }).lanes;
    expect(left).toEqual({ lane, atOnce: true, at: trial.now, priority: 0 });
  });

  test("in which nobody may start yet say when somebody may", () => {
    const trial = begin({ a: { at: "2026-01-01T00:01:00Z", priority: 3 } });
    expect(ofAll(trial).lanes).toEqual([
      { lane, atOnce: false, at: trial.now + 60_000, priority: 0 },
    ]);
  });

  test("of a plan in which nothing may start are closed", () => {
    const trial = begin({ a: {}, b: {} }, { text: { policy: { concurrency: 1 } } });
    const closed = { lane, atOnce: true, at: null, priority: 0 };
    expect(after(trial, { type: "plan.pause" }).lanes).toEqual([closed]);
    expect(after(trial, { type: "plan.resume" }).lanes).toEqual([{ ...closed, at: trial.now }]);
    trial.lease();
    expect(ofAll(trial).lanes).toEqual([closed]);
  });
});

describe("messages to a sub-plan", () => {
  test("begin it, in the commit in which its step waits for it", () => {
    const trial = begin({ a: sub });
    const { seq } = trial.last("step.waiting");
    expect(ofAll(trial).messages).toEqual([
      {
        id: `pln_1/${seq}/start/a`,
        kind: "start",
        from: "pln_1",
        to: childOf(trial),
        stepKey: "a",
      },
    ]);
  });

  test("pause, resume and cancel it with its parent", () => {
    const trial = begin({ a: sub });
    const to = childOf(trial);
    for (const [wish, kind] of [
      [{ type: "plan.pause" }, "pause"],
      [{ type: "plan.resume" }, "resume"],
      [{ type: "plan.cancel", mode: "drain" }, "cancel"],
    ] as const) {
      const { messages } = after(trial, wish);
      const id = `${trial.events.at(-1)?.id}/${kind}/a`;
      expect(messages).toEqual([{ id, kind, from: "pln_1", to, stepKey: "a" }]);
    }
  });

  test("cancel it when its parent fails or is finished by hand", () => {
    const failing = begin({ a: { ...sub, priority: 1 }, b: {} });
    failing.lease();
    failing.fail("b");
    expect(ofAll(failing).messages.map(({ kind }) => kind)).toContain("cancel");
    const finished = begin({ a: sub });
    const { messages } = after(finished, { type: "plan.finish", result: "failure" });
    expect(messages.map(({ kind }) => kind)).toEqual(["cancel"]);
  });

  test("pause one that begins while its parent is paused", () => {
    const trial = begin({ a: {}, b: { ...sub, needs: ["a"] } });
    trial.lease();
    trial.must({ type: "plan.pause" });
    const { messages } = after(trial, trial.reportOf("a", { kind: "succeeded", output: null }));
    expect(messages.map(({ kind }) => kind)).toEqual(["start", "pause"]);
  });

  test("cancel one that begins in the same wave in which its parent is cancelled", () => {
    const trial = begin({ a: {}, b: { ...sub, needs: ["a"] } });
    const before = trial.events.length;
    trial.succeed("a");
    trial.must({ type: "plan.cancel", mode: "stop" });
    const kinds = wakeups(trial.plan, trial.events.slice(before)).messages.map(({ kind }) => kind);
    expect(kinds).toEqual(["start", "cancel", "cancel"]);
  });
});

describe("messages to a parent", () => {
  const create = { parent: { planId: "pln_0", stepKey: "s", depth: 1 } };

  test.each<[string, (trial: Trial) => void]>([
    ["completed", (trial) => trial.succeed("a")],
    ["failed", (trial) => trial.fail("a")],
    ["cancelled", (trial) => trial.must({ type: "plan.cancel", mode: "stop" })],
  ])("say that the sub-plan is %s", (status, end) => {
    const trial = begin({ a: {} }, { create });
    end(trial);
    expect(trial.plan.status).toBe(status);
    const { id } = trial.events.at(-1) ?? {};
    expect(ofAll(trial).messages).toEqual([
      { id: `${id}/ended`, kind: "ended", from: "pln_1", to: "pln_0", stepKey: "s" },
    ]);
  });

  test("say that it was rejected, and a plan without a parent tells nobody", () => {
    const rejected = begin({ a: {} }, { create, upTo: "pending-approval" });
    rejected.must({ type: "plan.reject", reason: "" });
    expect(ofAll(rejected).messages).toHaveLength(1);
    const alone = begin({ a: {} });
    alone.succeed("a");
    expect(ofAll(alone).messages).toEqual([]);
  });
});
