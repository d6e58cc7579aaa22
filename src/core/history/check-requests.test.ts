import { describe, expect, test } from "vitest";
import type { Actor } from "../actor.ts";
import { HistoryWriter } from "./history-writer.ts";

const plan = () => new HistoryWriter({ steps: { p: { do: "human" } } }).begin();
const agent: Actor = { kind: "agent", id: "writer" };

function asked(dueMs: number | null = null): HistoryWriter {
  const log = plan();
  const dueAt = dueMs === null ? null : log.ahead(dueMs);
  log.ask("req_1", "p", { dueAt });
  return log.wait("p", { reason: "request", requestId: "req_1" });
}

const expire = (log: HistoryWriter) => log.tell("request.expired", { requestId: "req_1" });
const close = (log: HistoryWriter) =>
  log.tell("request.closed", { requestId: "req_1", reason: "no longer needed" });

describe("a lawful request", () => {
  test("is answered in time", () => {
    expect(asked(10).pass(10).answer("req_1").succeed("p").complete().faults()).toEqual([]);
  });

  test("runs out at its time, or is answered by it", () => {
    expect(expire(asked(10).pass(10)).faults()).toEqual([]);
    expect(asked(10).pass(10).answer("req_1", { by: "timeout" }).faults()).toEqual([]);
  });

  test("is taken back at any time", () => {
    expect(close(asked(10)).faults()).toEqual([]);
  });

  test("of an agent is answered by another, or by a policy", () => {
    const ask = () => plan().tell("request.created", question(), { stepKey: "p", actor: agent });
    const other = { kind: "agent", id: "editor" } as const;
    expect(ask().answer("req_1", {}, { actor: other }).faults()).toEqual([]);
    expect(ask().answer("req_1", { by: "policy" }, { actor: agent }).faults()).toEqual([]);
  });
});

describe("I9", () => {
  test("a request that is asked twice is found", () => {
    expect(asked().ask("req_1", "p").faults()).toEqual(["I9 p"]);
  });

  test("an answer to what was never asked is found", () => {
    expect(plan().answer("req_9").faults()).toEqual(["I9 -"]);
  });

  test("a second decision is found", () => {
    expect(asked().answer("req_1").answer("req_1").faults()).toEqual(["I9 -"]);
  });

  test("a decision on what has run out or was taken back is found", () => {
    expect(expire(asked(10).pass(10)).answer("req_1").faults()).toEqual(["I9 -"]);
    expect(close(asked()).answer("req_1").faults()).toEqual(["I9 -"]);
    expect(expire(close(asked(0))).faults()).toEqual(["I9 -"]);
  });

  test("a decision after it was due is found", () => {
    expect(asked(10).pass(11).answer("req_1").faults()).toEqual(["I9 -"]);
  });

  test("a request that runs out before it is due, or is never due, is found", () => {
    expect(expire(asked(10).pass(9)).faults()).toEqual(["I9 -"]);
    expect(asked(10).answer("req_1", { by: "timeout" }).faults()).toEqual(["I9 -"]);
    expect(expire(asked()).faults()).toEqual(["I9 -"]);
  });

  test("an agent that approves what it asked for itself is found", () => {
    const log = plan().tell("request.created", question(), { stepKey: "p", actor: agent });
    expect(log.answer("req_1", {}, { actor: agent }).faults()).toEqual(["I9 -"]);
  });
});

/** What is asked, as the log has it. */
function question() {
  const created = plan().ask("req_1", "p").events.at(-1);
  if (created?.type !== "request.created") throw new Error("the last event asks");
  return created.data;
}
