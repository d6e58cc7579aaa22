import { describe, expect, test } from "vitest";
import { HistoryWriter } from "./history-writer.ts";

const text = {
  steps: { a: {}, b: {}, p: { do: "human", onFailure: "continue" }, z: { forEach: "[]" } },
} as const;
const plan = () => new HistoryWriter(text).begin();
const cancelled = (mode: "stop" | "drain") =>
  plan().ready("a").start("a").ready("b").tell("plan.cancel-requested", { mode });
const finish = (log: HistoryWriter) => log.tell("plan.finished", { result: "failure" });
const paused = () => plan().ready("a").ready("b").start("b").tell("plan.paused", {});
const error = { code: "wall", message: "It took too long", retryable: false };

describe("a lawful standstill", () => {
  test("stops what runs", () => {
    const log = cancelled("stop").drop("a", "plan-cancelled", 1).drop("b", "plan-cancelled");
    log.drop("p", "plan-cancelled").drop("z", "plan-cancelled");
    expect(log.tell("plan.cancelled", {}).faults()).toEqual([]);
  });

  test("drains what runs", () => {
    expect(cancelled("drain").drop("b", "plan-cancelled").succeed("a", 1).faults()).toEqual([]);
  });

  test("records what was under way when the plan was paused", () => {
    expect(paused().succeed("b", 1).tell("plan.resumed", {}).start("a").faults()).toEqual([]);
  });

  test("lets an attempt under way succeed while the plan is failing", () => {
    const log = plan().ready("a").start("a").ready("b").start("b");
    expect(log.fail("a", 1).failing("a").succeed("b", 1).faults()).toEqual([]);
  });

  test("asks and goes on beside, unless the text says otherwise", () => {
    const beside = plan().ask("req_1", "p").wait("p", { reason: "request", requestId: "req_1" });
    expect(beside.run("a").faults()).toEqual([]);
  });
});

describe("I8", () => {
  test("an attempt that is cut short while the plan is drained is found", () => {
    expect(cancelled("drain").drop("a", "plan-cancelled", 1).faults()).toEqual(["I8 a"]);
    const failing = plan().ready("a").start("a").fail("b").failing("b");
    expect(failing.drop("a", "plan-failing", 1).faults()).toEqual(["I8 a"]);
    const stopped = plan().ready("a").start("a").fail("b").failing("b");
    stopped.tell("plan.cancel-requested", { mode: "stop" });
    expect(stopped.drop("a", "plan-cancelled", 1).faults()).toEqual([]);
  });

  test.each(["stop", "drain"] as const)("an attempt after cancelling (%s) is found", (mode) => {
    expect(cancelled(mode).start("b").faults()).toEqual(["I8 b"]);
  });

  test("a success after cancelling at once is found", () => {
    expect(cancelled("stop").succeed("a", 1).faults()).toEqual(["I8 a"]);
  });

  test("a success of what was not under way while draining is found", () => {
    const manual = { note: "done" };
    expect(cancelled("drain").succeed("b", undefined, { manual }).faults()).toEqual(["I8 b"]);
  });

  test("a step that is let go, asked or expanded on the way to an end is found", () => {
    const log = cancelled("drain").lose("a", 1).ready("a").wait("p", { reason: "request" });
    log.tell("step.expanded", { items: [] }, { stepKey: "z" });
    expect(log.faults()).toEqual(["I8 a", "I8 p", "I8 z"]);
  });

  test("an attempt while the plan is paused is found", () => {
    expect(paused().start("a").faults()).toEqual(["I8 a"]);
  });

  test("an attempt while the plan is failing is found", () => {
    const log = plan().ready("a").tell("plan.failing", { error });
    expect(log.start("a").faults()).toEqual(["I8 a"]);
  });

  test("an attempt after a required step has failed is found", () => {
    expect(plan().ready("a").fail("b").start("a").faults()).toEqual(["I8 a"]);
  });

  test("an attempt after the plan was finished by hand is found", () => {
    expect(finish(plan().ready("a")).start("a").faults()).toEqual(["I8 a"]);
  });

  test("an attempt beside an open request is found where that pauses the plan", () => {
    const log = new HistoryWriter({ ...text, policy: { onRequest: "pause" } }).begin().ready("a");
    log.ask("req_1", "p").wait("p", { reason: "request", requestId: "req_1" });
    expect(log.start("a").faults()).toEqual(["I8 a"]);
    const answered = new HistoryWriter({ ...text, policy: { onRequest: "pause" } }).begin();
    expect(answered.ask("req_1", "p").answer("req_1").run("a").faults()).toEqual([]);
  });
});
