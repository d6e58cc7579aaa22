import { describe, expect, test } from "vitest";
import { HistoryWriter } from "./history-writer.ts";

const plan = () =>
  new HistoryWriter({ steps: { a: { verify: { checks: [], loops: 2 } } } }).begin();
const running = () => plan().ready("a").start("a", 1);
const again = () => running().lose("a", 1).ready("a");
const late = (log: HistoryWriter, attempt: number, current: number, workerId = "wrk_0") =>
  log.tell("attempt.refused", { current, workerId, brought: {} }, { stepKey: "a", attempt });
const check = { check: "long enough", kind: "expression", round: 1 } as const;
const about = (attempt: number) => ({ stepKey: "a", attempt });

test("attempts that follow each other with a cause, a number and a backoff are lawful", () => {
  const log = running();
  log.stumble("a", 1, { retryAt: log.ahead(50) }).ready("a", { notBefore: log.ahead(50) });
  log
    .pass(50)
    .start("a", 2, { failures: 1 })
    .tell("check.failed", { ...check, message: "short" }, about(2));
  log.stumble("a", 2, { retryAt: log.ahead(0), feedback: [] }).ready("a");
  log.start("a", 4).lose("a", 4, "drained").ready("a").start("a", 5);
  late(late(log, 4, 5), 5, 5);
  log.tell("check.passed", check, about(5)).succeed("a", 5).complete();
  expect(late(log, 5, 5, "wrk_1").faults()).toEqual([]);
});

describe("I5", () => {
  test("an attempt number that does not grow is found", () => {
    expect(running().lose("a", 1).ready("a").start("a", 1, { recoveries: 1 }).faults()).toEqual([
      "I5 a",
    ]);
  });

  test("an attempt without a number is found", () => {
    const log = plan().ready("a");
    const data = { workerId: "wrk_1", effect: "none", failures: 0, recoveries: 0 } as const;
    expect(log.tell("attempt.started", data, { stepKey: "a" }).faults()).toEqual(["I5 a"]);
  });

  test("refusing the attempt under way to its own worker is found", () => {
    expect(late(running(), 1, 1, "wrk_1").faults()).toEqual(["I5 a"]);
    expect(late(running(), 1, 1, "wrk_2").faults()).toEqual([]);
  });

  test("refusing with the wrong number, or twice, is found", () => {
    expect(late(running(), 0, 7).faults()).toEqual(["I5 a"]);
    expect(late(late(running(), 0, 1), 0, 1).faults()).toEqual(["I5 a"]);
  });
});

describe("I6", () => {
  test("an end by an attempt that is not the last is found", () => {
    const log = running().lose("a", 1).ready("a").start("a", 2, { recoveries: 1 });
    expect(log.succeed("a", 1).faults()).toEqual(["I6 a"]);
  });

  test("an end that does not name the attempt under way is found", () => {
    expect(running().succeed("a").faults()).toEqual(["I6 a"]);
    expect(running().fail("a").failing("a").faults()).toEqual(["I6 a"]);
    expect(running().drop("a", "plan-failing").faults()).toEqual(["I6 a"]);
  });
});

describe("I13", () => {
  test("an attempt before its backoff has ended is found", () => {
    const log = running();
    log.stumble("a", 1, { retryAt: log.ahead(50) }).ready("a", { notBefore: log.ahead(50) });
    expect(log.pass(49).start("a", 2, { failures: 1 }).faults()).toEqual(["I13 a"]);
  });

  test("a backoff that is forgotten when the step stands in line again is found", () => {
    const log = running();
    log.stumble("a", 1, { retryAt: log.ahead(50) }).ready("a");
    expect(log.faults()).toEqual(["I13 a"]);
  });

  test("a start before the step's own time is found", () => {
    const log = plan();
    expect(
      log
        .ready("a", { notBefore: log.ahead(9) })
        .start("a")
        .faults(),
    ).toEqual(["I13 a"]);
  });
});

describe("I14", () => {
  test("a second attempt while one is under way is found", () => {
    expect(running().start("a", 2).faults()).toEqual(["I4 a", "I14 a"]);
  });

  test("an ending of an attempt that is not under way is found", () => {
    expect(running().lose("a", 7).faults()).toEqual(["I14 a"]);
    expect(running().stumble("a", 0).faults()).toEqual(["I14 a"]);
    expect(running().tell("check.passed", check, about(3)).faults()).toEqual(["I14 a"]);
  });

  test("an outcome from a worker that does not hold the attempt is found", () => {
    const by = (id: string) => ({ ...about(1), actor: { kind: "worker", id } }) as const;
    const output = { output: null };
    expect(running().tell("step.succeeded", output, by("wrk_2")).faults()).toEqual(["I14 a"]);
    expect(running().tell("step.succeeded", output, by("wrk_1")).faults()).toEqual([]);
    const loss = { reason: "worker-gone", workerId: "wrk_2" } as const;
    expect(running().tell("attempt.lost", loss, about(1)).faults()).toEqual(["I14 a"]);
  });

  test("counts that are not what was told are found", () => {
    expect(again().start("a", 2).faults()).toEqual(["I14 a"]);
    expect(again().start("a", 2, { recoveries: 1, failures: 1 }).faults()).toEqual(["I14 a"]);
  });
});
