import { describe, expect, test } from "vitest";
import type { LimitKey } from "../shared/limit-key.ts";
import { HistoryWriter, type WrittenText } from "./history-writer.ts";

const plan = (text: WrittenText) => new HistoryWriter(text).begin();
const agent = { steps: { a: {} } };
const checked = { steps: { a: { verify: { checks: [], loops: 1 } } } };

/** Attempts that fail, each to be followed by another. */
function stumble(log: HistoryWriter, times: number, feedback?: readonly []): HistoryWriter {
  for (let count = 0; count < times; count += 1) {
    const failures = feedback === undefined ? count : 0;
    log.ready("a").start("a", count + 1, { failures });
    const told = feedback === undefined ? {} : { feedback };
    log.stumble("a", count + 1, { retryAt: log.ahead(0), ...told });
  }
  return log;
}

/** Attempts that end with their worker. */
function die(log: HistoryWriter, times: number): HistoryWriter {
  for (let count = 0; count < times; count += 1) {
    log
      .ready("a")
      .start("a", count + 1, { recoveries: count })
      .lose("a", count + 1);
  }
  return log;
}

const expand = (log: HistoryWriter, items: readonly number[], concurrency?: number, key = "a") => {
  const cap = concurrency === undefined ? {} : { concurrency };
  return log
    .tell("step.expanded", { items, ...cap }, { stepKey: key })
    .wait(key, { reason: "children" });
};

describe("what is within its limits is lawful", () => {
  test("attempts, by the step's own limit, the plan's or the usual one", () => {
    expect(stumble(plan(agent), 2).ready("a").start("a", 3, { failures: 2 }).faults()).toEqual([]);
    const own = plan({
      steps: { a: { retry: { attempts: 5 } } },
      policy: { retry: { attempts: 1 } },
    });
    expect(stumble(own, 4).faults()).toEqual([]);
  });

  test("failures that feedback has wiped out", () => {
    const log = plan(checked);
    const feedback: readonly [] = [];
    log
      .ready("a")
      .start("a", 1)
      .stumble("a", 1, { retryAt: log.ahead(0) });
    log
      .ready("a")
      .start("a", 2, { failures: 1 })
      .stumble("a", 2, { retryAt: log.ahead(0) });
    log.ready("a").start("a", 3, { failures: 2 });
    log.stumble("a", 3, { retryAt: log.ahead(0), feedback });
    log
      .ready("a")
      .start("a", 4)
      .stumble("a", 4, { retryAt: log.ahead(0) });
    expect(log.ready("a").start("a", 5, { failures: 1 }).faults()).toEqual([]);
  });

  test("one start more for each time that a person lets the step go on", () => {
    const log = die(plan(agent), 5).ask("req_1", "a", { kind: "choice", reason: "set-aside" });
    log.wait("a", { reason: "set-aside", requestId: "req_1" }).answer("req_1", { answer: "retry" });
    expect(log.ready("a").start("a", 6, { recoveries: 5 }).faults()).toEqual([]);
  });

  test("loops for which a person lets the step go on", () => {
    const log = stumble(plan(checked), 1, [])
      .ready("a")
      .start("a", 2)
      .stumble("a", 2, { feedback: [] });
    log.ask("req_1", "a").wait("a", { reason: "failed", requestId: "req_1" }).answer("req_1");
    expect(log.ready("a").start("a", 3).faults()).toEqual([]);
  });
});

describe("I12", () => {
  test("one attempt too many is found, when it is announced and when it starts", () => {
    expect(stumble(plan(agent), 3).faults()).toEqual(["I12 a"]);
    const log = stumble(plan(agent), 3).ready("a").start("a", 4, { failures: 3 });
    expect(log.faults()).toEqual(["I12 a", "I12 a"]);
    const once = plan({ ...agent, policy: { retry: { attempts: 1 } } });
    expect(stumble(once, 1).faults()).toEqual(["I12 a"]);
  });

  test("one round of verification too many is found", () => {
    expect(stumble(plan(checked), 2, []).faults()).toEqual(["I12 a"]);
    expect(stumble(plan(agent), 1, []).faults()).toEqual(["I12 a"]);
    const log = stumble(plan(checked), 2, []).ready("a").start("a", 3);
    expect(log.faults()).toEqual(["I12 a", "I12 a"]);
  });

  test("a step that goes on killing its workers is found", () => {
    const log = die(plan(agent), 5).ready("a").start("a", 6, { recoveries: 5 });
    expect(log.faults()).toEqual(["I12 a"]);
  });

  test("work that was put down in good order is no recovery", () => {
    const log = plan(agent);
    for (let count = 1; count < 9; count += 1)
      log.ready("a").start("a", count).lose("a", count, "drained");
    expect(log.faults()).toEqual([]);
  });

  test("a plan with too many steps, needs or plans around it is found", () => {
    const steps = { a: {}, b: { needs: ["a", "c"] }, c: {} };
    expect(plan({ steps, limits: { stepsMax: 2 } }).faults()).toEqual(["I12 -"]);
    expect(plan({ steps, limits: { needsPerStepMax: 1 } }).faults()).toEqual(["I12 -"]);
    const parent = { planId: "pln_0", stepKey: "sub", depth: 6 };
    expect(new HistoryWriter(agent).create({ parent }).faults()).toEqual(["I12 -"]);
  });

  test("a list that is too long is found", () => {
    const log = plan({ steps: { a: { forEach: "[1, 2]" } }, limits: { forEachMax: 1 } });
    expect(expand(log, [1, 2]).faults()).toEqual(["I12 a"]);
  });

  test("a list whose children make too many steps of the plan is found", () => {
    const steps = {
      a: { forEach: "[1, 2]" },
      b: { forEach: { items: "[1, 2]", concurrency: 1 } },
    };
    const log = () => expand(plan({ steps, limits: { stepsMax: 5 } }), [1, 2]);
    expect(expand(log(), [1], 1, "b").faults()).toEqual([]);
    expect(expand(log(), [1, 2], 1, "b").faults()).toEqual(["I12 b"]);
  });

  test("an output that is too large is found", () => {
    const log = plan({ ...agent, limits: { valueBytesMax: 10 } })
      .ready("a")
      .start("a");
    expect(log.succeed("a", 1, { output: "0123456789" }).faults()).toEqual(["I12 a"]);
  });
});

describe("I15", () => {
  test("an attempt that takes what is not its own, or the same twice, is found", () => {
    const started = (takes: readonly LimitKey[]) =>
      plan({ steps: { a: { pool: "gpu" } } })
        .ready("a")
        .start("a", 1, { takes })
        .faults();
    expect(started(["budget:attempts", "owner:agent", "pool:gpu", "tenant"])).toEqual([]);
    expect(started(["pool:default"])).toEqual(["I15 a"]);
    expect(started(["tenant", "tenant"])).toEqual(["I15 a"]);
  });

  test("more attempts at once than the plan allows are found", () => {
    const log = plan({ steps: { a: {}, b: {} }, policy: { concurrency: 1 } })
      .ready("a")
      .ready("b");
    expect(log.start("a").start("b").faults()).toEqual(["I15 b"]);
  });

  test("five at once are allowed where nothing is said", () => {
    const keys = ["a", "b", "c", "d", "e", "f"];
    const log = plan({ steps: Object.fromEntries(keys.map((key) => [key, {}])) });
    for (const key of keys) log.ready(key).start(key);
    expect(log.faults()).toEqual(["I15 f"]);
  });

  test("an attempt that has ended gives its place back", () => {
    const log = plan({ steps: { a: {}, b: {} }, policy: { concurrency: 1 } });
    expect(log.run("a").run("b").faults()).toEqual([]);
  });

  test("more children at once than their list allows are found, also where they wait", () => {
    const items = { items: "[1, 2, 3]", concurrency: 2 };
    const list = () => expand(plan({ steps: { a: { forEach: items } } }), [1, 2, 3], 2);
    expect(list().ready("a.0").ready("a.1").ready("a.2").faults()).toEqual(["I15 a.2"]);
    expect(list().run("a.0").run("a.1").run("a.2").succeed("a").faults()).toEqual([]);
    const asking = list().wait("a.0", { reason: "failed" }).wait("a.1", { reason: "failed" });
    expect(asking.wait("a.2", { reason: "failed" }).faults()).toEqual(["I15 a.2"]);
  });

  test("a list without a cap lets all its children go", () => {
    const log = expand(plan({ steps: { a: { forEach: { items: "[1, 2]" } } } }), [1, 2]);
    expect(log.ready("a.0").ready("a.1").faults()).toEqual([]);
  });
});
