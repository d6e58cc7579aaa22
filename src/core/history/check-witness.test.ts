import { describe, expect, test } from "vitest";
import type { Actor } from "../actor.ts";
import { checkWitness, type LedgerEntry } from "./check-witness.ts";
import { HistoryWriter } from "./history-writer.ts";

const ada: Actor = { kind: "person", id: "ada" };
const worker: Actor = { kind: "worker", id: "wrk_1" };
const wish = (kind: LedgerEntry["kind"], entry: Partial<LedgerEntry> = {}): LedgerEntry => ({
  commandId: `cmd_${kind}`,
  kind,
  planId: "pln_1",
  actor: ada,
  acked: true,
  ...entry,
});

function log(): HistoryWriter {
  const steps = { a: {}, p: { do: "human" } } as const;
  const begun = new HistoryWriter({ steps }).begin().ready("a");
  const data = { workerId: "wrk_1", effect: "none", failures: 0, recoveries: 0 } as const;
  begun.tell("attempt.started", data, { stepKey: "a", attempt: 1, actor: worker });
  begun.tell("step.succeeded", { output: null }, { stepKey: "a", attempt: 1, actor: worker });
  begun.ask("req_1", "p").answer("req_1", {}, { stepKey: "p" });
  return begun.tell("signal.received", { name: "go", payload: null });
}

const sent: readonly LedgerEntry[] = [
  wish("plan.create"),
  wish("plan.submit"),
  wish("plan.start"),
  wish("attempt.lease", { actor: worker, stepKey: "a", attempt: 1 }),
  wish("attempt.report", { actor: worker, stepKey: "a", attempt: 1 }),
  wish("request.decide", { requestId: "req_1" }),
  wish("signal.deliver", { signal: "go" }),
  wish("timer.fire"),
  wish("plan.pause", { acked: false }),
];

const messages = (ledger: readonly LedgerEntry[]) =>
  checkWitness(ledger, log().events).map(({ invariant, message }) => `${invariant} ${message}`);

test("a client's book that agrees with the log is lawful", () => {
  expect(messages(sent)).toEqual([]);
});

describe("I24", () => {
  test.each<[string, LedgerEntry]>([
    ["a plan that vanished", wish("plan.create", { planId: "pln_2" })],
    ["a pause that was never recorded", wish("plan.pause")],
    ["an attempt that was never granted", wish("attempt.lease", { stepKey: "a", attempt: 2 })],
    ["a report that was lost", wish("attempt.report", { stepKey: "p", attempt: 1 })],
    ["an answer to another request", wish("request.decide", { requestId: "req_2" })],
    ["a signal under another name", wish("signal.deliver", { signal: "stop" })],
  ])("%s, though it was acknowledged, is found", (_, entry) => {
    expect(messages([...sent, entry])).toEqual([
      `I24 ${entry.kind} of ${entry.planId} was acknowledged (cmd_${entry.kind}) and left nothing`,
    ]);
  });

  test("an event in the name of somebody who never sent it is found", () => {
    const silent = sent.filter(({ kind }) => kind !== "signal.deliver");
    expect(messages(silent)).toEqual([
      "I24 signal.received of pln_1 bears person:ada, who never sent it",
    ]);
  });

  test("what others did, whose books are not here, is not judged", () => {
    expect(messages(sent.filter(({ actor }) => actor === worker))).toEqual([]);
  });
});
