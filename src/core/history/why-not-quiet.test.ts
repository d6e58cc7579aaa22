import { describe, expect, test } from "vitest";
import { HistoryWriter, type WrittenText } from "./history-writer.ts";
import { whyNotQuiet, type Rest } from "./why-not-quiet.ts";

const plan = (steps: WrittenText["steps"], policy?: WrittenText["policy"]) =>
  new HistoryWriter(policy === undefined ? { steps } : { steps, policy }).begin();

function unrest(log: HistoryWriter, rest: Partial<Rest> = {}): readonly string[] {
  const context = { revision: log.revision };
  const found = whyNotQuiet(log.events, context, { now: log.ahead(0), ...rest });
  return found.map(({ stepKey, message }) => `${stepKey ?? "-"}: ${message}`);
}

const draft = () => new HistoryWriter({ steps: { a: {} } }).create();
const error = { code: "broken", message: "It broke", retryable: false };
const human = { do: "human" } as const;
const wait = { do: "wait" } as const;
const fallback = { a: { onFailure: { fallback: "b" } }, b: {} } as const;

function asked(log: HistoryWriter, key: string, dueMs: number | null = null): HistoryWriter {
  const dueAt = dueMs === null ? null : log.ahead(dueMs);
  return log.ask("req_1", key, { dueAt }).wait(key, { reason: "request", requestId: "req_1" });
}

function expanded(cap: number | null): HistoryWriter {
  const items = { items: "[1, 2]", ...(cap === null ? {} : { concurrency: cap }) };
  const log = plan({ a: { forEach: items } });
  const told = cap === null ? {} : { concurrency: cap };
  log.tell("step.expanded", { items: [1, 2], ...told }, { stepKey: "a" });
  return log.wait("a", { reason: "children" });
}

describe("quiet is", () => {
  test("a plan that is not there, is over, or waits for whoever drafted it", () => {
    expect(unrest(new HistoryWriter({ steps: {} }))).toEqual([]);
    expect(unrest(plan({ a: {} }).run("a").complete())).toEqual([]);
    expect(unrest(draft())).toEqual([]);
  });

  test("a plan that waits for approval", () => {
    const digest = "digest-1";
    expect(unrest(draft().tell("plan.submitted", { digest }))).toEqual([]);
    const log = draft().ask("req_1").tell("plan.submitted", { digest, requestId: "req_1" });
    expect(unrest(log)).toEqual([]);
  });

  test("a step that waits for an answer, and what needs it", () => {
    expect(unrest(asked(plan({ a: human, b: { needs: ["a"] } }), "a", 10))).toEqual([]);
  });

  test("a step that waits for a time, a signal or a sub-plan", () => {
    const log = plan({ a: wait, b: wait, c: { do: "plan" } });
    log.wait("a", { reason: "timer", until: log.ahead(10) });
    log.wait("b", { reason: "signal", signal: "go" });
    expect(unrest(log.wait("c", { reason: "sub-plan", childPlanId: "pln_2" }))).toEqual([]);
  });

  test("a backoff, a pause, a request that holds up the plan, and work that no worker takes", () => {
    const backoff = plan({ a: {} });
    expect(unrest(backoff.ready("a", { notBefore: backoff.ahead(1) }))).toEqual([]);
    expect(unrest(plan({ a: {} }).ready("a").tell("plan.paused", {}))).toEqual([]);
    const held = plan({ a: {}, b: human }, { onRequest: "pause" }).ready("a");
    expect(unrest(asked(held, "b"))).toEqual([]);
    expect(unrest(plan({ a: {} }).ready("a"), { isServed: () => false })).toEqual([]);
  });

  test("a list whose children wait, the others for their place", () => {
    expect(unrest(asked(expanded(1), "a.0"))).toEqual([]);
  });

  test("a stand-in that waits, and one that stands by", () => {
    const log = plan({ ...fallback, b: human }).wait("a", { reason: "fallback" });
    expect(unrest(asked(log, "b"))).toEqual([]);
    expect(unrest(asked(plan({ ...fallback, a: { ...fallback.a, ...human } }), "a"))).toEqual([]);
  });

  test("a plan that lacks nothing but its verification", () => {
    expect(unrest(plan({ a: {} }, { verification: "required" }).run("a"))).toEqual([]);
  });
});

describe("I26: not quiet is", () => {
  test("a plan whose approval nobody is asked for", () => {
    const log = new HistoryWriter({ steps: {} }).create().ask("req_1");
    log.tell("plan.submitted", { digest: "digest-1", requestId: "req_1" }).answer("req_1");
    expect(unrest(log)).toEqual(["-: the plan waits for approval, and nobody is asked"]);
  });

  test("a plan whose end was announced and does not come", () => {
    const on = "-: the plan is on its way to an end that does not come";
    const cancelled = plan({}).tell("plan.cancel-requested", { mode: "stop" });
    expect(unrest(cancelled)).toContain(on);
    expect(unrest(plan({}).tell("plan.failing", { error }))).toContain(on);
    expect(unrest(plan({}).tell("plan.finished", { result: "success" }))).toContain(on);
  });

  test("a plan with nothing left to do that is not over", () => {
    expect(unrest(plan({ a: {} }).run("a"))).toEqual([
      "-: every step has ended, and the plan has not",
    ]);
  });

  test("an attempt under way, or ended without a sequel", () => {
    expect(unrest(plan({ a: {} }).ready("a").start("a"))).toEqual(["a: attempt 1 is under way"]);
    expect(unrest(plan({ a: {} }).ready("a").start("a").lose("a", 1))).toEqual([
      "a: attempt 1 has ended, and nothing followed",
    ]);
  });

  test("a step in line that nobody takes", () => {
    const idle = "a: it is ready, and no worker has begun it";
    expect(unrest(plan({ a: {} }).ready("a"))).toEqual([idle]);
    const log = plan({ a: {} });
    log.ready("a", { notBefore: log.ahead(5) });
    expect(unrest(log.pass(5), { isServed: () => true })).toEqual([idle]);
    const other = plan({ a: {} }, { onRequest: "pause" }).ready("a");
    expect(unrest(other)).toEqual([idle]);
  });

  test("a step that was forgotten when its last need ended", () => {
    const forgotten = "what it needs has ended, and nothing followed";
    expect(unrest(plan({ a: {}, b: { needs: ["a"] } }).run("a"))).toEqual([`b: ${forgotten}`]);
    const dead = plan({ a: { onFailure: "continue" }, b: { needs: ["a"] } }).fail("a");
    expect(unrest(dead)).toEqual([`b: ${forgotten}`]);
  });

  test("a child that was forgotten although it has its place", () => {
    const forgotten = "a.1: what it needs has ended, and nothing followed";
    expect(unrest(expanded(1).run("a.0"))).toEqual([forgotten]);
    expect(unrest(expanded(null).run("a.0"))).toEqual([forgotten]);
  });

  test("a stand-in that nobody calls upon, or sends home", () => {
    expect(unrest(plan(fallback).run("a"))).toEqual([
      "b: what it stands in for has ended, and nothing followed",
    ]);
    expect(unrest(plan(fallback).wait("a", { reason: "fallback" }))).toEqual([
      "b: what it needs has ended, and nothing followed",
    ]);
  });

  test("a step that waits for what has happened", () => {
    const done = expanded(null).run("a.0").run("a.1");
    expect(unrest(done)).toEqual(["a: all its children have ended, and it has not"]);
    const stood = plan(fallback).wait("a", { reason: "fallback" }).run("b");
    const message = "a: the step that stands in for it has ended, and it has not";
    expect(unrest(stood)).toEqual([message]);
    expect(unrest(plan({ a: {} }).wait("a", { reason: "fallback" }))).toEqual([message]);
    expect(unrest(plan({ a: {} }).wait("a", { reason: "children" }))).toEqual([
      "a: all its children have ended, and it has not",
    ]);
  });

  test("a step that waits for an answer which nobody can give any more", () => {
    const closed = asked(plan({ a: human }), "a").answer("req_1");
    expect(unrest(closed)).toEqual(["a: it waits for an answer, and its request is decided"]);
    for (const reason of ["gate", "set-aside", "failed", "ambiguous-effect"] as const) {
      expect(unrest(plan({ a: {} }).wait("a", { reason }))).toEqual([
        "a: it waits for an answer, and its request is not there",
      ]);
    }
  });

  test("a wait without a name, or past its time", () => {
    const waits = (data: Parameters<HistoryWriter["wait"]>[1]) => plan({ a: wait }).wait("a", data);
    expect(unrest(waits({ reason: "timer" }))).toEqual([
      "a: it waits for a time that nobody has named",
    ]);
    expect(unrest(waits({ reason: "signal" }))).toEqual([
      "a: it waits for a signal without a name",
    ]);
    expect(unrest(waits({ reason: "sub-plan" }))).toEqual([
      "a: it waits for a plan that nobody has named",
    ]);
    const log = plan({ a: wait });
    const until = log.ahead(5);
    log.wait("a", { reason: "timer", until });
    expect(unrest(log.pass(6))).toEqual([`a: it waited until ${until}`]);
  });

  test("a request past its time", () => {
    const log = asked(plan({ a: human }), "a", 5);
    const dueAt = log.ahead(5);
    expect(unrest(log.pass(6))).toEqual([`a: request req_1 was due at ${dueAt}`]);
  });
});
