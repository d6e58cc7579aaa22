import { describe, expect, test } from "vitest";
import type { Json } from "../json.ts";
import { HistoryWriter } from "./history-writer.ts";

const plan = () =>
  new HistoryWriter({ steps: { a: { approve: true }, b: { approve: true } } }).begin();
const gate = (log: HistoryWriter, key: string, requestId: string) =>
  log.ask(requestId, key, { reason: "gate" }).wait(key, { reason: "gate", requestId });
const use = (log: HistoryWriter, requestId: string, stepKey: string, digest = "subject-1") =>
  log.tell("approval.consumed", { requestId, digest }, { stepKey, attempt: 1 });
const approved = () => gate(plan(), "a", "req_1").answer("req_1").ready("a");

/** A step that writes to Ada, approved with the input that its gate showed. */
function shown(input: Json): HistoryWriter {
  const steps = { a: { approve: true, with: { to: "ada" } } } as const;
  const log = new HistoryWriter({ steps }).begin().ask("req_1", "a", { reason: "gate" });
  log.wait("a", { reason: "gate", requestId: "req_1", input }).answer("req_1").ready("a");
  return use(log, "req_1", "a");
}

const once = () => new HistoryWriter({ steps: { a: { effect: "once" } } }).begin().ready("a");
const doubt = () => {
  const log = once().start("a", 1, { effect: "once" }).lose("a", 1);
  return log.ask("req_1", "a", { reason: "ambiguous-effect", kind: "choice" });
};
const again = { effect: "once", recoveries: 1 } as const;

describe("a lawful gate", () => {
  test("is answered with yes, and used up by the first attempt alone", () => {
    const log = use(approved(), "req_1", "a").start("a").lose("a", 1, "drained");
    expect(log.ready("a").start("a", 2).succeed("a", 2).faults()).toEqual([]);
  });

  test("is asked of each child of a list", () => {
    const log = new HistoryWriter({ steps: { a: { approve: true, forEach: "[1]" } } }).begin();
    log.tell("step.expanded", { items: [1] }, { stepKey: "a" }).wait("a", { reason: "children" });
    const child = use(gate(log, "a.0", "req_1").answer("req_1").ready("a.0"), "req_1", "a.0");
    expect(child.start("a.0").succeed("a.0", 1).succeed("a").complete().faults()).toEqual([]);
  });

  test("also stands before a step that needs no worker", () => {
    const log = new HistoryWriter({ steps: { a: { do: "wait", approve: true } } }).begin();
    const open = gate(log, "a", "req_1").answer("req_1");
    expect(open.wait("a", { reason: "timer", until: log.ahead(0) }).faults()).toEqual([]);
  });
});

describe("I10", () => {
  test("a gated step that is let go without being asked about is found", () => {
    expect(plan().ready("a").faults()).toEqual(["I10 a"]);
    const self = new HistoryWriter({ steps: { a: { do: "wait", approve: true } } }).begin();
    expect(self.wait("a", { reason: "timer", until: self.ahead(1) }).faults()).toEqual(["I10 a"]);
    const failed = new HistoryWriter({ steps: { a: { do: "wait", approve: true } } }).begin();
    expect(failed.wait("a", { reason: "failed" }).faults()).toEqual([]);
  });

  test("a gate that is passed against the answer is found", () => {
    const no = gate(plan(), "a", "req_1").answer("req_1", { answer: { approved: false } });
    expect(no.ready("a").faults()).toEqual(["I10 a"]);
    const odd = gate(plan(), "a", "req_1").answer("req_1", { answer: true });
    expect(odd.ready("a").faults()).toEqual(["I10 a"]);
    const late = gate(plan(), "a", "req_1").tell("request.closed", {
      requestId: "req_1",
      reason: "",
    });
    expect(late.ready("a").faults()).toEqual(["I10 a"]);
  });

  test("a gated attempt that uses up no approval is found", () => {
    expect(approved().start("a").faults()).toEqual(["I10 a"]);
  });

  test("an attempt with another input than the one that was approved is found", () => {
    expect(shown({ to: "ada" }).start("a").faults()).toEqual([]);
    const filled = { input: { to: "bob" } };
    expect(shown({ to: "bob" }).start("a", 1, filled).faults()).toEqual([]);
    expect(shown({ to: "ada" }).start("a", 1, filled).faults()).toEqual(["I10 a"]);
    expect(shown({ to: "bob" }).start("a").faults()).toEqual(["I10 a"]);
  });

  test("an approval that is used up twice is found", () => {
    const log = use(use(approved(), "req_1", "a"), "req_1", "a");
    expect(log.start("a").faults()).toEqual(["I10 a", "I10 a"]);
  });

  test("an approval of another step is found", () => {
    const log = gate(approved(), "b", "req_2").answer("req_2").ready("b");
    expect(use(log, "req_2", "a").faults()).toEqual(["I10 a"]);
  });

  test("an approval of something else is found", () => {
    expect(use(approved(), "req_1", "a", "subject-2").faults()).toEqual(["I10 a"]);
  });

  test("using up what is no gate, is not decided or was never asked is found", () => {
    expect(use(plan().ask("req_1", "a"), "req_1", "a").faults()).toEqual(["I10 a"]);
    expect(use(gate(plan(), "a", "req_1"), "req_1", "a").faults()).toEqual(["I10 a"]);
    expect(use(plan(), "req_1", "a").faults()).toEqual(["I10 a"]);
    expect(
      use(
        plan().ask("req_1", undefined, { reason: "gate" }).answer("req_1"),
        "req_1",
        "a",
      ).faults(),
    ).toEqual(["I10 a"]);
  });
});

describe("I17", () => {
  test("what may have happened is done again once a person has said so", () => {
    expect(doubt().answer("req_1").ready("a").start("a", 2, again).faults()).toEqual([]);
  });

  test("a person who retries the step has said so, too", () => {
    const log = doubt().tell("request.closed", { requestId: "req_1", reason: "retried" });
    expect(log.ready("a").start("a", 2, again).faults()).toEqual([]);
  });

  test("what may be repeated is, without asking", () => {
    const log = new HistoryWriter({ steps: { a: { effect: "repeatable" } } }).begin().ready("a");
    log.start("a", 1, { effect: "repeatable" }).lose("a", 1).ready("a");
    expect(log.start("a", 2, { effect: "repeatable", recoveries: 1 }).faults()).toEqual([]);
  });

  test("a new attempt after a loss without asking is found", () => {
    const log = once().start("a", 1, { effect: "once" }).lose("a", 1).ready("a");
    expect(log.start("a", 2, again).faults()).toEqual(["I17 a"]);
  });

  test("a new attempt after a call that was cut off is found", () => {
    const error = { code: "cut-off", message: "No answer", retryable: true, ambiguous: true };
    const log = once().start("a", 1, { effect: "once" });
    log.stumble("a", 1, { error, retryAt: log.ahead(0) }).ready("a");
    expect(log.start("a", 2, { effect: "once", failures: 1 }).faults()).toEqual(["I17 a"]);
  });

  test("a new attempt while the question is open, or was taken back by itself, is found", () => {
    expect(doubt().ready("a").start("a", 2, again).faults()).toEqual(["I17 a"]);
    const actor = { kind: "system", id: "planwright" } as const;
    const closed = { requestId: "req_1", reason: "no longer needed" };
    const log = doubt().tell("request.closed", closed, { actor }).ready("a");
    expect(log.start("a", 2, again).faults()).toEqual(["I17 a"]);
    const policy = { kind: "policy", id: "retry" } as const;
    const declared = doubt().tell("request.closed", closed, { actor: policy }).ready("a");
    expect(declared.start("a", 2, again).faults()).toEqual([]);
    const expired = doubt().tell("request.expired", { requestId: "req_1" }).ready("a");
    expect(expired.start("a", 2, again).faults()).toEqual(["I9 -", "I17 a"]);
  });
});
