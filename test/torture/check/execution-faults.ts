import { isJsonObject, type Json } from "../../../src/core/json.ts";
import type { LedgerLine } from "../witness/witness.ts";
import type { Book } from "./read-book.ts";

/**
 * Where the world saw something else than the log says: a step begun without a record, twice under
 * one number, once more than the log accounts for, beside what should have been dead, or recorded
 * without having been done.
 */
export function findExecutionFaults(ledger: readonly LedgerLine[], book: Book): readonly string[] {
  return [
    ...findSurvivors(ledger),
    ...findUnaccounted(ledger, book),
    ...findUndone(ledger, book),
    ...findWrongKeys(ledger),
  ];
}

function findSurvivors(ledger: readonly LedgerLine[]): readonly string[] {
  return ledger
    .filter(({ kind }) => kind === "outlived" || kind === "overlap")
    .map((line) => `${line.stepKey}/${line.attempt} of ${line.life} found alive: ${line.about}`);
}

/** Executions against the attempts that the log knows, and those against why there was another. */
function findUnaccounted(ledger: readonly LedgerLine[], book: Book): readonly string[] {
  const faults: string[] = [];
  const starts = ledger.filter(({ kind }) => kind === "start");
  for (const [step, lines] of Map.groupBy(starts, stepOf)) {
    const numbers = lines.map(({ attempt }) => attempt);
    if (new Set(numbers).size < numbers.length) {
      faults.push(`${step} was begun twice under one number: ${numbers.join(", ")}`);
    }
    const { started, causes } = attemptsOf(step, book);
    const unknown = numbers.filter((number) => !started.includes(number));
    if (unknown.length > 0) faults.push(`${step}: no record of attempts ${unknown.join(", ")}`);
    if (started.length > 1 + causes) {
      faults.push(`${step} was started ${started.length} times, for ${causes} causes`);
    }
  }
  return faults;
}

/** A failure that is tried again; a lost attempt of what may be repeated, a person's word for what may not. */
function attemptsOf(step: string, book: Book): { started: readonly number[]; causes: number } {
  const started: number[] = [];
  let lost = 0;
  let retried = 0;
  let failed = 0;
  let isOnce = false;
  for (const event of book.logs.flatMap(({ events }) => events)) {
    if (`${event.planId} ${event.stepKey}` !== step) continue;
    if (event.type === "attempt.started") {
      started.push(event.attempt ?? 0);
      isOnce ||= event.data.effect === "once";
    }
    if (event.type === "attempt.lost") lost += 1;
    if (event.type === "attempt.failed" && event.data.retryAt !== undefined) failed += 1;
    if (event.type === "request.decided" && isRetry(event.data.answer)) retried += 1;
  }
  return { started, causes: failed + (isOnce ? retried : lost) };
}

function isRetry(answer: Json): boolean {
  return (isJsonObject(answer) ? answer["choice"] : answer) === "retry";
}

/** What is recorded as done by its command has been done: the attempt that counts came to its end. */
function findUndone(ledger: readonly LedgerLine[], book: Book): readonly string[] {
  const ended = new Set(
    ledger.filter(({ kind }) => kind === "end").map((line) => `${stepOf(line)} ${line.attempt}`),
  );
  return book.logs
    .flatMap(({ events }) => events)
    .filter((event) => event.type === "step.succeeded" && event.data.manual === undefined)
    .filter(({ attempt }) => attempt !== undefined)
    .filter(({ planId, stepKey, attempt }) => !ended.has(`${planId} ${stepKey} ${attempt}`))
    .map(({ stepKey, attempt }) => `${stepKey}/${attempt} succeeded without coming to its end`);
}

/** One key for all tries of a step, and no other step has it. */
export function findWrongKeys(ledger: readonly LedgerLine[]): readonly string[] {
  const byStep = Map.groupBy(ledger, stepOf);
  const byKey = Map.groupBy(ledger, ({ idempotencyKey }) => idempotencyKey);
  const changed = [...byStep].filter(([, lines]) => countOf(lines, "idempotencyKey") > 1);
  const shared = [...byKey].filter(([, lines]) => new Set(lines.map(stepOf)).size > 1);
  return [
    ...changed.map(([step]) => `${step} had more than one idempotency key`),
    ...shared.map(([key]) => `more than one step had the idempotency key ${key}`),
  ];
}

function countOf(lines: readonly LedgerLine[], field: keyof LedgerLine): number {
  return new Set(lines.map((line) => line[field])).size;
}

function stepOf({ planId, stepKey }: LedgerLine): string {
  return `${planId} ${stepKey}`;
}
