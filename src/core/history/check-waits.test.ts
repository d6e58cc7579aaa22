import { describe, expect, test } from "vitest";
import type { RequestCreated } from "../plan/event.ts";
import { HistoryWriter, type WrittenText } from "./history-writer.ts";

const plan = (steps: WrittenText["steps"]) => new HistoryWriter({ steps }).begin();
const failed = { code: "broken", message: "It broke", retryable: false };

function person(question: Partial<RequestCreated> = {}): HistoryWriter {
  const log = plan({ a: { do: "human" } }).ask("req_1", "a", question);
  return log.wait("a", { reason: "request", requestId: "req_1" });
}

const timer = () => {
  const log = plan({ a: { do: "wait" } });
  return log.wait("a", { reason: "timer", until: log.ahead(10) });
};

function signals(limitMs?: number): HistoryWriter {
  const log = plan({ a: { do: "wait", onFailure: "continue" }, b: { do: "wait" } });
  const until = limitMs === undefined ? {} : { until: log.ahead(limitMs) };
  return log.wait("a", { reason: "signal", signal: "go", ...until });
}

const signal = (log: HistoryWriter) => log.tell("signal.received", { name: "go", payload: null });

function subPlan(): HistoryWriter {
  const log = plan({ a: { do: "plan" } }).wait("a", { reason: "sub-plan", childPlanId: "pln_2" });
  return log.tell("child.started", { childPlanId: "pln_2" }, { stepKey: "a" });
}

const childEnds = (log: HistoryWriter, status: "completed" | "failed") =>
  log.tell("child.ended", { childPlanId: "pln_2", status, partial: false }, { stepKey: "a" });

describe("a lawful end of waiting", () => {
  test("by a person's answer", () => {
    expect(person().answer("req_1").succeed("a").complete().faults()).toEqual([]);
    const input = person({ kind: "input" }).answer("req_1", { answer: { name: "Ada" } });
    expect(input.succeed("a").complete().faults()).toEqual([]);
  });

  test("by time", () => {
    expect(timer().pass(10).succeed("a").complete().faults()).toEqual([]);
    const timeless = plan({ a: { do: "wait" } }).wait("a", { reason: "timer" });
    expect(timeless.succeed("a").faults()).toEqual([]);
  });

  test("by a signal, one for each who waits", () => {
    const log = signal(signal(signals())).succeed("a");
    log.wait("b", { reason: "signal", signal: "go" }).succeed("b");
    expect(log.complete().faults()).toEqual([]);
  });

  test("by the end of a sub-plan", () => {
    expect(childEnds(subPlan(), "completed").succeed("a").complete().faults()).toEqual([]);
  });

  test("by hand", () => {
    const manual = { note: "it was there all the time" };
    const log = signal(signals().succeed("a", undefined, { manual }));
    log.wait("b", { reason: "signal", signal: "go" }).succeed("b");
    expect(log.complete().faults()).toEqual([]);
  });

  test("by giving up a signal at its time", () => {
    expect(signals(10).pass(10).fail("a").faults()).toEqual([]);
    expect(signals().fail("a").faults()).toEqual([]);
  });
});

describe("I10", () => {
  test("a step that succeeds without the answer that it waits for is found", () => {
    expect(person().succeed("a").faults()).toEqual(["I10 a"]);
    const lost = plan({ a: { do: "human" } }).wait("a", { reason: "request" });
    expect(lost.succeed("a").faults()).toEqual(["I10 a"]);
  });

  test("a step that succeeds although the answer was no is found", () => {
    const no = { answer: { approved: false } };
    expect(person().answer("req_1", no).succeed("a").faults()).toEqual(["I10 a"]);
    const review = person({ kind: "review" }).answer("req_1", { answer: "no" });
    expect(review.succeed("a").faults()).toEqual(["I10 a"]);
  });

  test("a step that succeeds behind its gate is found", () => {
    const log = plan({ a: { approve: true } }).ask("req_1", "a", { reason: "gate" });
    const waiting = log.wait("a", { reason: "gate", requestId: "req_1" }).answer("req_1");
    expect(waiting.succeed("a").faults()).toEqual(["I10 a"]);
  });
});

describe("I4", () => {
  test("a timer that ends before its time is found", () => {
    expect(timer().pass(9).succeed("a").faults()).toEqual(["I4 a"]);
  });

  test("a signal that did not come, or was used up, is found", () => {
    expect(signals().succeed("a").faults()).toEqual(["I4 a"]);
    const log = signal(signals()).succeed("a").wait("b", { reason: "signal", signal: "go" });
    expect(log.succeed("b").faults()).toEqual(["I4 b"]);
    const nameless = plan({ a: { do: "wait" } }).wait("a", { reason: "signal" });
    expect(nameless.succeed("a").faults()).toEqual(["I4 a"]);
  });

  test("a signal that is given up too early is found", () => {
    expect(signals(10).pass(9).fail("a").faults()).toEqual(["I4 a"]);
  });

  test("a step that succeeds without its sub-plan is found", () => {
    expect(subPlan().succeed("a").faults()).toEqual(["I4 a"]);
    expect(childEnds(subPlan(), "failed").succeed("a").faults()).toEqual(["I4 a"]);
  });

  test("a list that succeeds before its children have ended is found", () => {
    const log = plan({ a: { forEach: "inputs.items" } });
    log.tell("step.expanded", { items: [1, 2] }, { stepKey: "a" });
    log.wait("a", { reason: "children" }).run("a.0");
    expect(log.succeed("a").faults()).toEqual(["I4 a"]);
  });

  test("a step that succeeds before its stand-in is found", () => {
    const steps = { a: { onFailure: { fallback: "b" } }, b: {} };
    const log = plan(steps).ready("a").start("a").stumble("a", 1, { error: failed });
    expect(log.wait("a", { reason: "fallback" }).succeed("a").faults()).toEqual(["I4 a"]);
    const strange = plan({ a: {} }).wait("a", { reason: "fallback" });
    expect(strange.succeed("a").faults()).toEqual(["I4 a"]);
  });

  test("a step that was set aside and succeeds by itself is found", () => {
    const log = plan({ a: {} }).ready("a").start("a").lose("a", 1).ask("req_1", "a");
    log.wait("a", { reason: "set-aside", requestId: "req_1" });
    expect(log.succeed("a").faults()).toEqual(["I4 a"]);
  });
});
