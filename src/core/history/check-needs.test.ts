import { describe, expect, test } from "vitest";
import type { NeedsDocument } from "../plan/document.ts";
import { HistoryWriter, type WrittenText } from "./history-writer.ts";

const plan = (steps: WrittenText["steps"]) => new HistoryWriter({ steps }).begin();
const joined = (needs: NeedsDocument) =>
  plan({ a: { onFailure: "continue" }, b: { onFailure: "continue" }, c: { needs } });
const fallback = () => plan({ a: { onFailure: { fallback: "b" } }, b: {} });
const expand = (log: HistoryWriter, items: readonly number[]) =>
  log.tell("step.expanded", { items }, { stepKey: "a" }).wait("a", { reason: "children" });

describe("a lawful start", () => {
  test("when all that a step needs has succeeded", () => {
    expect(joined(["a", "b"]).run("a").run("b").run("c").faults()).toEqual([]);
  });

  test("when one of several is enough", () => {
    expect(
      joined({ any: ["a", "b"] })
        .run("b")
        .run("c")
        .faults(),
    ).toEqual([]);
    expect(joined({ any: [] }).run("c").faults()).toEqual([]);
  });

  test("when a need ended as the join allows", () => {
    const allow = ["skipped", "failed"] as const;
    expect(
      joined({ all: ["a", "b"], allow })
        .skip("a")
        .fail("b")
        .run("c")
        .faults(),
    ).toEqual([]);
    expect(
      joined({ any: ["a", "b"], allow })
        .fail("a")
        .run("c")
        .faults(),
    ).toEqual([]);
  });

  test("of a step that is called upon to stand in", () => {
    const log = fallback().ready("a").start("a").stumble("a", 1);
    log.wait("a", { reason: "fallback" }).run("b").succeed("a");
    expect(log.complete().faults()).toEqual([]);
  });

  test("of the children of an expanded list", () => {
    const log = expand(plan({ a: { forEach: "inputs.items" } }), [1, 2]);
    expect(log.run("a.0").run("a.1").succeed("a").complete().faults()).toEqual([]);
  });
});

describe("a lawful skip", () => {
  test("of what can no longer be had", () => {
    expect(joined(["a", "b"]).fail("a").skip("c", "need-not-met").faults()).toEqual([]);
    const any = joined({ any: ["a", "b"] })
      .fail("a")
      .skip("b");
    expect(any.skip("c", "need-not-met").faults()).toEqual([]);
  });

  test("of a step that need not stand in", () => {
    const log = fallback().run("a").skip("b", "fallback-not-needed");
    expect(log.complete().faults()).toEqual([]);
  });
});

describe("I7", () => {
  test("a step that is let go before its needs have ended is found", () => {
    expect(joined(["a", "b"]).run("a").ready("c").faults()).toEqual(["I7 c"]);
    const person = plan({ a: {}, b: { do: "human", needs: ["a"] } }).ask("req_1", "b");
    expect(person.wait("b", { reason: "request", requestId: "req_1" }).faults()).toEqual(["I7 b"]);
    const list = plan({ a: { forEach: "steps.b.output", needs: ["b"] }, b: {} });
    expect(expand(list, []).faults()).toEqual(["I7 a", "I7 a"]);
  });

  test("an attempt before its needs have ended is found, too", () => {
    expect(joined(["a"]).ready("c").start("c").faults()).toEqual(["I7 c", "I7 c"]);
  });

  test("a need that failed, was skipped or was cancelled is not met by itself", () => {
    expect(joined(["a"]).fail("a").ready("c").faults()).toEqual(["I7 c"]);
    expect(joined(["a"]).skip("a").ready("c").faults()).toEqual(["I7 c"]);
    const allow = ["skipped", "failed"] as const;
    expect(
      joined({ all: ["a"], allow })
        .drop("a")
        .ready("c")
        .faults(),
    ).toEqual(["I7 c"]);
    expect(
      joined({ any: ["a", "b"] })
        .fail("a")
        .ready("c")
        .faults(),
    ).toEqual(["I7 c"]);
    expect(
      joined({ any: ["a"] })
        .fail("a")
        .ready("c")
        .faults(),
    ).toEqual(["I7 c"]);
  });

  test("a need that the text does not have is never met", () => {
    expect(joined(["nobody"]).ready("c").faults()).toEqual(["I7 c"]);
  });

  test("a stand-in that starts without being called upon is found", () => {
    expect(fallback().ready("b").faults()).toEqual(["I7 b"]);
  });

  test("a child that starts after its list has ended is found", () => {
    const log = expand(plan({ a: { forEach: "inputs.items", onFailure: "continue" } }), [1, 2]);
    expect(log.fail("a").ready("a.1").faults()).toEqual(["I7 a.1"]);
  });

  test("a step that is skipped while its needs may still be met is found", () => {
    expect(joined(["a", "b"]).run("a").skip("c", "need-not-met").faults()).toEqual(["I7 c"]);
    const any = joined({ any: ["a", "b"] })
      .fail("a")
      .skip("c", "need-not-met");
    expect(any.faults()).toEqual(["I7 c"]);
  });

  test("a stand-in that is passed over while it is called upon is found", () => {
    const log = fallback().ready("a").start("a").stumble("a", 1).wait("a", { reason: "fallback" });
    expect(log.skip("b", "fallback-not-needed").faults()).toEqual(["I7 b"]);
  });
});
