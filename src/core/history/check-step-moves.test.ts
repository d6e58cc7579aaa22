import { describe, expect, test } from "vitest";
import { HistoryWriter } from "./history-writer.ts";

const plan = (steps: ConstructorParameters<typeof HistoryWriter>[0]["steps"] = { a: {} }) =>
  new HistoryWriter({ steps }).begin();
const wait = { do: "wait", wait: { for: "1s" } } as const;
const list = { a: { forEach: "inputs.items" } };
const children = { reason: "children" } as const;

describe("a lawful life of a step", () => {
  test("tried again after a failure and after a loss", () => {
    const log = plan()
      .ready("a")
      .start("a", 1)
      .stumble("a", 1, { retryAt: plan().ahead(0) });
    log.ready("a").start("a", 2, { failures: 1 }).lose("a", 2);
    log.ready("a").start("a", 3, { failures: 1, recoveries: 1 }).succeed("a", 3);
    expect(log.complete().faults()).toEqual([]);
  });

  test("waiting for a time", () => {
    const log = plan({ a: wait });
    log
      .wait("a", { reason: "timer", until: log.ahead(10) })
      .pass(10)
      .succeed("a");
    expect(log.complete().faults()).toEqual([]);
  });

  test("a backoff that an operator cuts short", () => {
    const log = plan();
    log
      .ready("a")
      .start("a")
      .stumble("a", 1, { retryAt: log.ahead(500) });
    log.ready("a", { notBefore: log.ahead(500) }).ready("a");
    expect(log.start("a", 2, { failures: 1 }).succeed("a", 2).complete().faults()).toEqual([]);
  });

  test("done by hand, whatever its status", () => {
    const log = plan({ a: {}, b: { needs: ["a"] }, c: {} });
    const manual = { note: "done on paper" };
    log.succeed("b", undefined, { manual }).ready("a").start("a").succeed("a", 1, { manual });
    expect(log.ready("c").succeed("c", undefined, { manual }).complete().faults()).toEqual([]);
  });

  test("a list without items", () => {
    const log = plan(list).tell("step.expanded", { items: [] }, { stepKey: "a" });
    expect(log.succeed("a").complete().faults()).toEqual([]);
  });

  test("an input that cannot be made holds up a step that is ready", () => {
    const log = plan({ a: { onFailure: "ask" } })
      .ready("a")
      .ask("req_1", "a");
    expect(log.wait("a", { reason: "failed", requestId: "req_1" }).faults()).toEqual([]);
  });

  test("given up with a plan that never started", () => {
    const log = new HistoryWriter({ steps: { a: {} } }).create();
    log.tell("plan.cancel-requested", { mode: "stop" }).drop("a", "plan-cancelled");
    expect(log.tell("plan.cancelled", {}).faults()).toEqual([]);
  });
});

describe("I4", () => {
  test("a step that moves before the plan starts is found", () => {
    expect(new HistoryWriter({ steps: { a: {} } }).create().ready("a").faults()).toEqual(["I4 a"]);
    expect(new HistoryWriter({ steps: { a: {} } }).create().drop("a").faults()).toEqual(["I4 a"]);
  });

  test("an attempt of a step that is not ready is found", () => {
    expect(plan().start("a").faults()).toEqual(["I4 a"]);
  });

  test("an attempt of a step that needs no worker is found", () => {
    expect(plan({ a: wait }).ready("a").start("a").faults()).toEqual(["I4 a", "I4 a"]);
  });

  test("another attempt where none was announced is found", () => {
    expect(plan().ready("a").start("a").stumble("a", 1).ready("a").faults()).toEqual(["I4 a"]);
  });

  test("readying what is ready is found, and cutting a backoff short by itself", () => {
    expect(plan().ready("a").ready("a").faults()).toEqual(["I4 a"]);
    const log = plan();
    log.ready("a", { notBefore: log.ahead(500) });
    for (const kind of ["system", "worker"] as const) {
      log.tell(
        "step.readied",
        { notBefore: log.ahead(1) },
        { stepKey: "a", actor: { kind, id: "1" } },
      );
    }
    expect(log.faults()).toEqual(["I4 a", "I4 a"]);
  });

  test("a success of a step that was never let go is found", () => {
    expect(plan().succeed("a").faults()).toEqual(["I4 a"]);
    expect(plan().ready("a").succeed("a").faults()).toEqual(["I4 a"]);
  });

  test("a running step that is skipped is found", () => {
    expect(plan().ready("a").start("a").skip("a").faults()).toEqual(["I4 a"]);
  });

  test("a ready step that waits as if it had never been let go is found", () => {
    expect(plan().ready("a").wait("a", { reason: "gate" }).faults()).toEqual(["I4 a"]);
  });

  test("expanding what is no list, or a list twice, is found", () => {
    expect(plan().tell("step.expanded", { items: [] }, { stepKey: "a" }).faults()).toEqual([
      "I4 a",
    ]);
    const twice = plan(list).tell("step.expanded", { items: [1] }, { stepKey: "a" });
    twice.tell("step.expanded", { items: [1] }, { stepKey: "a" });
    expect(twice.wait("a", children).faults()).toEqual(["I4 a"]);
  });
});

describe("I6", () => {
  test("a second end of a step is found", () => {
    expect(plan().run("a").fail("a", 1).faults()).toEqual(["I6 a"]);
    expect(plan().run("a").succeed("a", 1).faults()).toEqual(["I6 a"]);
  });

  test("a step that goes on after its end is found", () => {
    expect(plan().run("a").ready("a").faults()).toEqual(["I4 a"]);
  });
});
