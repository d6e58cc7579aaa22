import { expect, test } from "vitest";
import { checkHistory } from "./check-history.ts";
import { HistoryWriter } from "./history-writer.ts";

test("the empty log is lawful", () => {
  expect(new HistoryWriter({ steps: { a: {} } }).faults()).toEqual([]);
});

test("a log that is still growing is lawful at every event", () => {
  const steps = {
    fetch: { effect: "repeatable" },
    each: { forEach: { items: "steps.fetch.output", concurrency: 1 }, needs: ["fetch"] },
    agree: { do: "human", needs: ["each"] },
    publish: { approve: true, effect: "once", needs: ["agree"], onFailure: { fallback: "mail" } },
    mail: {},
    tidy: { needs: { all: ["publish"], allow: ["failed"] }, onFailure: "continue" },
  } as const;
  const log = new HistoryWriter({ steps }).begin();
  log.ready("fetch").pass(10).start("fetch", 1, { effect: "repeatable" });
  log.pass(10).lose("fetch", 1).ready("fetch");
  log.pass(10).start("fetch", 2, { effect: "repeatable", recoveries: 1 });
  log.pass(10).succeed("fetch", 2, { output: [1, 2] });
  log.tell("step.expanded", { items: [1, 2], concurrency: 1 }, { stepKey: "each" });
  log.wait("each", { reason: "children" }).run("each.0").run("each.1").succeed("each");
  log.ask("req_1", "agree").wait("agree", { reason: "request", requestId: "req_1" });
  log.pass(1000).answer("req_1").succeed("agree");
  log.ask("req_2", "publish", { reason: "gate" });
  log.wait("publish", { reason: "gate", requestId: "req_2" }).pass(1000).answer("req_2");
  log
    .ready("publish")
    .tell(
      "approval.consumed",
      { requestId: "req_2", digest: "subject-1" },
      { stepKey: "publish", attempt: 1 },
    );
  log.start("publish", 1, { effect: "once" }).stumble("publish", 1);
  log.wait("publish", { reason: "fallback" }).run("mail").succeed("publish");
  log.run("tidy").complete();
  for (let count = 0; count <= log.events.length; count += 1) {
    const soFar = log.events.slice(0, count);
    expect(checkHistory(soFar, { revision: log.revision })).toEqual([]);
  }
});

test("a violation names its invariant, its event, its step and what would be right", () => {
  const log = new HistoryWriter({ steps: { a: {}, b: { needs: ["a"] } } }).begin().ready("b");
  expect(checkHistory(log.events, { revision: log.revision })).toEqual([
    {
      invariant: "I7",
      seq: 5,
      stepKey: "b",
      message: "step.readied: its needs have not ended as they must: all of a (pending)",
    },
  ]);
});

test("I22: a text that its digest does not name is found", () => {
  const { events, revision } = new HistoryWriter({ steps: {} }).create();
  expect(checkHistory(events, { revision, digestOf: () => revision.digest })).toEqual([]);
  const changed = checkHistory(events, { revision, digestOf: () => "digest-2" });
  expect(changed.map(({ invariant }) => invariant)).toEqual(["I22"]);
});

test("each wrong is found where it happens, in the order of the log", () => {
  const log = new HistoryWriter({ steps: { a: {}, b: {} } }).begin();
  log.start("a").ready("b").tell("plan.paused", {}).start("b").complete();
  expect(log.faults()).toEqual(["I4 a", "I8 b", "I4 a", "I4 b", "I6 a", "I6 b"]);
});
