import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { PlanEvent } from "../../../src/core/plan/event.ts";
import { known } from "../../../src/core/known.ts";
import { carryOut } from "../process/go-on.ts";
import { Place } from "../process/place.ts";
import { witnessStep } from "../plan/draw-plan.ts";
import type { LedgerLine } from "../witness/witness.ts";
import { findExecutionFaults } from "./execution-faults.ts";
import { findLogFaults, findUnfinished } from "./log-faults.ts";
import { findLostAcks } from "./lost-acks.ts";
import { readBook, type Book } from "./read-book.ts";

// A check that finds nothing proves something only if it finds what has been planted.
describe("a real run in which a fault is planted", () => {
  let place: Place;
  let told: readonly string[];
  let book: Book;
  let ledger: readonly LedgerLine[];

  beforeAll(async () => {
    place = new Place();
    const step = (needs: readonly string[]) =>
      witnessStep({ witness: place.witness, effect: "repeatable", ms: 1, needs });
    const file = place.writePlan({ plan: "Planted", steps: { a: step([]), b: step(["a"]) } });
    told = await carryOut(place, ["run", file, "--approve", "--jsonl"]);
    book = await readBook(place.store);
    ledger = place.witness.read();
  });

  afterAll(() => place.remove());

  function eventsChanged(change: (events: PlanEvent[]) => PlanEvent[]): Book {
    const logs = book.logs.map((log) => ({ ...log, events: change([...log.events]) }));
    return { ...book, logs };
  }

  function firstOf(type: PlanEvent["type"]): PlanEvent {
    const events = book.logs.flatMap((log) => log.events);
    return known(
      events.find((event) => event.type === type),
      type,
    );
  }

  function without(type: PlanEvent["type"]): Book {
    const planted = firstOf(type);
    return eventsChanged((events) => events.filter((event) => event !== planted));
  }

  test("nothing is found where nothing was planted", () => {
    expect(findLostAcks(told, book)).toEqual([]);
    expect(findExecutionFaults(ledger, book)).toEqual([]);
    expect(findLogFaults(book)).toEqual([]);
    expect(findUnfinished(book)).toEqual([]);
  });

  test("an event that was told and is gone", () => {
    expect(findLostAcks(told, without("step.succeeded"))).toHaveLength(1);
  });

  test("an event that was told otherwise than it stands", () => {
    const changed = told.map((line) => line.replace('"step.succeeded"', '"step.failed"'));
    expect(findLostAcks(changed, book)).toHaveLength(2);
  });

  test("a step that has ended twice", () => {
    const twice = eventsChanged((events) => [...events, firstOf("step.succeeded")]);
    expect(findLogFaults(twice)).toContainEqual(expect.stringContaining("ended 2 times"));
  });

  test("a plan that has not completed", () => {
    const logs = book.logs.map((log) => ({
      ...log,
      row: { ...log.row, status: "executing" as const },
    }));
    expect(findUnfinished({ ...book, logs })).toHaveLength(1);
    expect(findUnfinished({ ...book, logs: [] })).toEqual(["the store holds no plan"]);
  });

  test("an execution that was begun without a record", () => {
    const faults = findExecutionFaults(ledger, without("attempt.started"));
    expect(faults).toContainEqual(expect.stringContaining("no record of attempts 1"));
  });

  test("an execution that was begun twice under one number", () => {
    const [line] = ledger;
    const faults = findExecutionFaults([known(line, "a line"), ...ledger], book);
    expect(faults).toContainEqual(expect.stringContaining("twice under one number"));
  });

  test("an attempt that nothing was the cause of", () => {
    const started = firstOf("attempt.started");
    const again = eventsChanged((events) => [...events, { ...started, attempt: 2 }]);
    const faults = findExecutionFaults(ledger, again);
    expect(faults).toContainEqual(expect.stringContaining("started 2 times, for 0 causes"));
  });

  test("a success that never came to its end", () => {
    const unended = ledger.filter(({ kind, stepKey }) => kind !== "end" || stepKey !== "a");
    expect(findExecutionFaults(unended, book)).toEqual(["a/1 succeeded without coming to its end"]);
  });

  test("something that outlived its worker", () => {
    const line = { ...known(ledger[0], "a line"), kind: "outlived" } as const;
    const faults = findExecutionFaults([...ledger, line], book);
    expect(faults).toContainEqual(expect.stringContaining("found alive"));
  });

  test("a key that changed, and one that two steps share", () => {
    const other = ledger.map((line, index) =>
      index === 0 ? { ...line, idempotencyKey: "other" } : line,
    );
    expect(findExecutionFaults(other, book)).toContainEqual(
      expect.stringContaining("more than one idempotency key"),
    );
    const same = ledger.map((line) => ({ ...line, idempotencyKey: "same" }));
    expect(findExecutionFaults(same, book)).toContainEqual(
      expect.stringContaining("more than one step had"),
    );
  });
});
