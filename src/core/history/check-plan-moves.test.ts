import { describe, expect, test } from "vitest";
import type { EventData } from "../plan/event.ts";
import { HistoryWriter } from "./history-writer.ts";

const digest = "digest-1";
const empty = () => new HistoryWriter({ steps: { a: { onFailure: "continue" } } });
const plan = () => empty().begin();

/** A draft whose approval is asked for. */
function submitted(): HistoryWriter {
  const asked = empty().create().ask("req_1", undefined, { reason: "plan-approval" });
  return asked.tell("plan.submitted", { digest, requestId: "req_1" });
}

function cancel(log: HistoryWriter, mode: EventData["plan.cancel-requested"]["mode"]) {
  return log.tell("plan.cancel-requested", { mode });
}

describe("a lawful life of a plan", () => {
  test("approved by a person", () => {
    const log = submitted().answer("req_1");
    log.tell("plan.approved", { digest, by: "person" }).tell("plan.started", {});
    expect(log.run("a").complete().faults()).toEqual([]);
  });

  test("rejected by a person", () => {
    const log = submitted().answer("req_1", { answer: { approved: false } });
    expect(log.tell("plan.rejected", { digest, reason: "no" }).faults()).toEqual([]);
  });

  test("begun for a parent plan, without a word of its own", () => {
    const log = empty().create().tell("plan.approved", { digest, by: "parent" });
    expect(log.tell("plan.started", {}).run("a").complete().faults()).toEqual([]);
  });

  test("paused and resumed", () => {
    const log = plan().tell("plan.paused", {}).tell("plan.resumed", {});
    expect(log.run("a").complete().faults()).toEqual([]);
  });

  test("cancelled before it starts, its steps untold", () => {
    const log = submitted().tell("request.closed", { requestId: "req_1", reason: "cancelled" });
    expect(cancel(log, "stop").tell("plan.cancelled", {}).faults()).toEqual([]);
  });

  test("drained, then stopped at once", () => {
    const log = cancel(cancel(plan().ready("a").start("a"), "drain"), "stop");
    log.drop("a", "plan-cancelled", 1).tell("plan.cancelled", {});
    expect(log.faults()).toEqual([]);
  });

  test("told after its end that somebody came late", () => {
    const log = plan().run("a").complete();
    log.tell(
      "attempt.refused",
      { current: 1, workerId: "wrk_1", brought: {} },
      { stepKey: "a", attempt: 1 },
    );
    expect(log.faults()).toEqual([]);
  });
});

describe("I3", () => {
  test("a log that does not begin with the plan's creation is found", () => {
    expect(empty().tell("plan.paused", {}).faults()).toEqual(["I3 -", "I4 -"]);
  });

  test("a second creation is found", () => {
    expect(plan().create().faults()).toEqual(["I3 -"]);
  });

  test("a second end is found", () => {
    expect(plan().run("a").complete().complete().faults()).toEqual(["I3 -"]);
  });

  test("a step that moves after the end is found", () => {
    expect(plan().run("a").complete().tell("plan.paused", {}).faults()).toEqual(["I3 -"]);
  });
});

describe("I4", () => {
  test("a start without approval is found", () => {
    expect(submitted().tell("plan.started", {}).faults()).toEqual(["I4 -"]);
  });

  test("a person's approval of a draft that was not submitted is found", () => {
    const log = empty().create().tell("plan.approved", { digest, by: "person" });
    expect(log.faults()).toEqual(["I4 -"]);
  });

  test("an approval against the answer is found", () => {
    const log = submitted().answer("req_1", { answer: { approved: false } });
    expect(log.tell("plan.approved", { digest, by: "person" }).faults()).toEqual(["I4 -"]);
  });

  test("a rejection of what is approved is found", () => {
    const log = submitted().answer("req_1").tell("plan.approved", { digest, by: "person" });
    expect(log.tell("plan.rejected", { digest, reason: "late" }).faults()).toEqual(["I4 -"]);
  });

  test("pausing twice and resuming what is not paused are found", () => {
    const log = plan().tell("plan.resumed", {}).tell("plan.paused", {}).tell("plan.paused", {});
    expect(log.faults()).toEqual(["I4 -", "I4 -"]);
  });

  test("cancelling again is found, but for cutting a drain short", () => {
    expect(cancel(cancel(plan(), "stop"), "drain").faults()).toEqual(["I4 -"]);
    expect(cancel(cancel(plan(), "drain"), "drain").faults()).toEqual(["I4 -"]);
  });

  test("failing over a step that may fail is found", () => {
    expect(plan().fail("a").failing("a").faults()).toEqual(["I4 -"]);
    expect(plan().failing("nobody").faults()).toEqual(["I4 -"]);
  });

  test("failing twice, or while it is being cancelled, is found", () => {
    const error = { code: "wall", message: "too long", retryable: false };
    const twice = plan().tell("plan.failing", { error }).tell("plan.failing", { error });
    expect(twice.faults()).toEqual(["I4 -"]);
    expect(cancel(plan(), "stop").tell("plan.failing", { error }).faults()).toEqual(["I4 -"]);
  });
});
