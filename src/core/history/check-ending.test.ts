import { describe, expect, test } from "vitest";
import { HistoryWriter, type WrittenText } from "./history-writer.ts";

const plan = (text: WrittenText = { steps: { a: {}, b: {} } }) => new HistoryWriter(text).begin();
const error = { code: "broken", message: "It broke", retryable: false };
const finish = (log: HistoryWriter, result: "success" | "failure") =>
  log.tell("plan.finished", { result });
const verified = (): WrittenText => ({
  steps: { a: { verify: { checks: [] } } },
  policy: { verification: "required" },
});
const report = { check: "long enough", kind: "expression", round: 1 } as const;
const about = { stepKey: "a", attempt: 1 };

describe("a lawful end", () => {
  test("is complete with every required step, or in part without the others", () => {
    expect(plan().run("a").skip("b").complete().faults()).toEqual([]);
    const steps = { a: {}, b: { onFailure: "continue" } } as const;
    expect(plan({ steps }).run("a").fail("b").complete(true).faults()).toEqual([]);
    const part = plan().ready("a").start("a").succeed("a", 1, { partial: "half of it" });
    expect(part.run("b").complete(true).faults()).toEqual([]);
  });

  test("is a failure that was told before", () => {
    const log = plan().ready("b").start("b").fail("a").failing("a").fail("b", 1);
    expect(log.tell("plan.failed", { error }).faults()).toEqual([]);
  });

  test("is by hand, as a success or a failure", () => {
    const steps = { a: {}, b: { onFailure: "continue" } } as const;
    const success = finish(plan({ steps }).run("a"), "success").drop("b", "plan-finished");
    expect(success.complete().faults()).toEqual([]);
    const failure = finish(plan(), "failure").drop("a", "plan-finished").drop("b", "plan-finished");
    expect(failure.tell("plan.failed", { error }).faults()).toEqual([]);
  });

  test("has passed the verification that it requires", () => {
    const log = plan(verified()).ready("a").start("a").tell("check.passed", report, about);
    expect(log.succeed("a", 1).complete().faults()).toEqual([]);
  });

  test("may be in part where a child of a list failed", () => {
    const list = { steps: { a: { forEach: "[1, 2]", onFailure: "continue" } } } as const;
    const log = () => {
      const expanded = plan(list).tell("step.expanded", { items: [1, 2] }, { stepKey: "a" });
      return expanded.wait("a", { reason: "children" }).run("a.0").fail("a.1").succeed("a");
    };
    expect(log().complete(true).faults()).toEqual([]);
    expect(log().complete(false).faults()).toEqual([]);
  });
});

describe("I6", () => {
  test("an end that leaves a step without its own is found", () => {
    expect(
      plan()
        .run("a")
        .tell("plan.cancel-requested", { mode: "stop" })
        .tell("plan.cancelled", {})
        .faults(),
    ).toEqual(["I6 b"]);
    const list = plan({ steps: { a: { forEach: "[1]" } } });
    list.tell("step.expanded", { items: [1] }, { stepKey: "a" }).wait("a", { reason: "children" });
    const manual = { note: "done" };
    expect(list.succeed("a", undefined, { manual }).complete().faults()).toEqual(["I6 a.0"]);
  });
});

describe("I9", () => {
  test("an end that leaves a request open is found", () => {
    const log = plan().run("a").run("b").ask("req_1", "a");
    expect(log.complete().faults()).toEqual(["I9 -"]);
  });
});

describe("I4", () => {
  test("a completion without a required step is found", () => {
    expect(plan().run("a").drop("b").complete().faults()).toEqual(["I4 b"]);
    const failed = plan().run("a").fail("b").complete(true);
    expect(failed.faults()).toEqual(["I4 b"]);
  });

  test("a completion on the way to another end is found", () => {
    const cancelled = plan().run("a").run("b").tell("plan.cancel-requested", { mode: "drain" });
    expect(cancelled.complete().faults()).toEqual(["I4 -"]);
    expect(finish(plan().run("a").run("b"), "failure").complete().faults()).toEqual(["I4 -"]);
    const failing = plan().run("a").run("b").tell("plan.failing", { error });
    expect(failing.complete().faults()).toEqual(["I4 -"]);
  });

  test("a completion without the verification that is required is found", () => {
    expect(plan(verified()).run("a").complete().faults()).toEqual(["I4 -"]);
    const log = plan(verified()).ready("a").start("a").tell("check.passed", report, about);
    log.tell("check.failed", { ...report, message: "too short" }, about).succeed("a", 1);
    expect(log.complete().faults()).toEqual(["I4 -"]);
  });

  test("a completion that hides what is lacking, or laments what is not, is found", () => {
    const steps = { a: { onFailure: "continue" } } as const;
    expect(plan({ steps }).fail("a").complete(false).faults()).toEqual(["I4 a"]);
    const part = plan({ steps }).ready("a").start("a").succeed("a", 1, { partial: "half" });
    expect(part.complete(false).faults()).toEqual(["I4 a"]);
    expect(plan({ steps }).run("a").complete(true).faults()).toEqual(["I4 -"]);
  });

  test("a failure or a cancellation out of nothing is found", () => {
    expect(plan().run("a").run("b").tell("plan.failed", { error }).faults()).toEqual(["I4 -"]);
    expect(plan().run("a").run("b").tell("plan.cancelled", {}).faults()).toEqual(["I4 -"]);
    const success = finish(plan().run("a").run("b"), "success").tell("plan.failed", { error });
    expect(success.faults()).toEqual(["I4 -"]);
  });
});
