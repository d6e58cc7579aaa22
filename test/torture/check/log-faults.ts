import { hash } from "node:crypto";
import { canonicalJson } from "../../../src/core/canonical-json.ts";
import { checkHistory } from "../../../src/core/history/check-history.ts";
import type { Json } from "../../../src/core/json.ts";
import type { EventType, PlanEvent } from "../../../src/core/plan/event.ts";
import type { Book, PlanLog } from "./read-book.ts";

/** What the logs of a store break of what was promised. */
export function findLogFaults(book: Book): readonly string[] {
  return book.logs.flatMap((log) => [...findViolations(log), ...findDoubleEnds(log)]);
}

/** Where not every plan has completed. */
export function findUnfinished(book: Book): readonly string[] {
  const { logs } = book;
  if (logs.length === 0) return ["the store holds no plan"];
  return logs
    .filter(({ row }) => row.status !== "completed")
    .map(({ row, events }) => {
      const last = events.find(({ type }) => type === "step.failed" || type === "step.waiting");
      return `${row.id} (${row.name}) is ${row.status}: ${JSON.stringify(last)}`;
    });
}

function findViolations({ row, events, hashes, revision }: PlanLog): readonly string[] {
  return checkHistory(events, { revision, chain: { hashes, digest, canonical } }).map(
    ({ invariant, message, seq, stepKey }) =>
      `${invariant} in ${row.id}, event ${seq}, step ${stepKey}: ${message}`,
  );
}

function digest(text: string): string {
  return hash("sha256", text);
}

function canonical(event: PlanEvent): string {
  const json: Json = JSON.parse(JSON.stringify(event));
  return canonicalJson(json);
}

const ENDS: ReadonlySet<EventType> = new Set<EventType>([
  "step.succeeded",
  "step.failed",
  "step.skipped",
  "step.cancelled",
]);

/** Counted once more, without the checker: the promise that matters most is not left to one reader. */
function findDoubleEnds({ row, events }: PlanLog): readonly string[] {
  const ends = events.filter(({ type }) => ENDS.has(type));
  return [...Map.groupBy(ends, ({ stepKey }) => stepKey)]
    .filter(([, found]) => found.length > 1)
    .map(([stepKey, found]) => `${stepKey} of ${row.id} ended ${found.length} times`);
}
