import { describe, expect, test } from "vitest";
import { HistoryWriter } from "./history-writer.ts";

const list = () => new HistoryWriter({ steps: { a: { forEach: "[1]" } } }).begin();
const digest = "another text";

describe("I22", () => {
  test("what is told of the text that was approved is lawful", () => {
    const steps = {
      a: { do: "command" },
      b: { do: "tool", owner: "std.echo" },
      c: { do: "tool", effect: "repeatable" },
      e: { do: "tool" },
      d: { forEach: { items: "[1]", concurrency: 3 } },
    } as const;
    const log = new HistoryWriter({ steps }).begin();
    log.ready("a").start("a", 1, { effect: "once" }).ready("b").start("b", 1, { effect: "once" });
    log.ready("c").start("c", 1, { effect: "repeatable" });
    log.ready("e").start("e", 1, { effect: "once" });
    log.tell("step.expanded", { items: [1], concurrency: 3 }, { stepKey: "d" });
    expect(log.faults()).toEqual([]);
  });

  test("a tool's effect is the one that it was pinned with", () => {
    const log = new HistoryWriter({ steps: { a: { do: "tool", owner: "std.echo" } } });
    Object.assign(log.revision.pins.tools, { "std.echo": { effect: "none" } });
    expect(log.begin().ready("a").start("a").faults()).toEqual([]);
    expect(
      log.lose("a", 1).ready("a").start("a", 2, { effect: "once", recoveries: 1 }).faults(),
    ).toEqual(["I22 a"]);
  });

  test("an approval of another text is found", () => {
    const log = new HistoryWriter({ steps: {} }).create().tell("plan.submitted", { digest });
    log.tell("plan.approved", { digest, by: "policy" });
    expect(log.faults()).toEqual(["I22 -", "I22 -"]);
  });

  test("a rejection of another text is found", () => {
    const log = new HistoryWriter({ steps: {} }).create();
    log.tell("plan.submitted", { digest: "digest-1" });
    expect(log.tell("plan.rejected", { digest, reason: "no" }).faults()).toEqual(["I22 -"]);
  });

  test("a plan that begins with another text is found", () => {
    const log = new HistoryWriter({ steps: {} });
    expect(log.create({ digest, revision: 2 }).faults()).toEqual(["I22 -", "I22 -"]);
  });

  test("a step that the plan does not have is found", () => {
    expect(list().ready("b").faults()).toEqual(["I22 b"]);
    expect(list().ready("a.0").faults()).toEqual(["I22 a.0"]);
    const expanded = list().tell("step.expanded", { items: [1] }, { stepKey: "a" });
    expect(expanded.ready("a.1").faults()).toEqual(["I22 a.1"]);
    expect(list().ask("req_1", "b").faults()).toEqual(["I22 b"]);
  });

  test("an event about a step that names none is found", () => {
    expect(
      new HistoryWriter({ steps: { a: {} } }).begin().tell("step.readied", {}).faults(),
    ).toEqual(["I22 -"]);
  });

  test("an effect that is not the text's is found", () => {
    const log = new HistoryWriter({ steps: { a: { do: "command" } } }).begin().ready("a");
    expect(log.start("a", 1, { effect: "none" }).faults()).toEqual(["I22 a"]);
  });

  test("a list with another cap than the text's is found", () => {
    const log = new HistoryWriter({ steps: { a: { forEach: "[1]" } } }).begin();
    log.tell("step.expanded", { items: [1], concurrency: 1 }, { stepKey: "a" });
    expect(log.faults()).toEqual(["I22 a"]);
  });
});
