import { readFileSync } from "node:fs";
import { known } from "../../src/core/known.ts";
import type { Json } from "../../src/core/json.ts";
import type { PlanEvent } from "../../src/core/plan/event.ts";
import { fold } from "../../src/core/plan/evolve.ts";
import type { Revision } from "../../src/core/plan/plan.ts";
import { snapshotPlan } from "../../src/testing/snapshot-plan.ts";

/** What stands beside a log: the text that it names, and the plan that it added up to then. */
export interface HistoryRecord {
  readonly revision: Revision;
  readonly snapshot: Json;
}

/** A log of some release, with its record. */
export interface GoldenHistory extends HistoryRecord {
  readonly events: readonly PlanEvent[];
}

interface Log {
  readonly events: readonly PlanEvent[];
  readonly revision: Revision;
}

export function recordOf({ events, revision }: Log): HistoryRecord {
  return { revision, snapshot: snapshotOf({ events, revision }) };
}

/** The plan that a log adds up to, as data. */
export function snapshotOf({ events, revision }: Log): Json {
  const plan = known(
    fold(events, () => revision),
    "a plan of this log",
  );
  return JSON.parse(snapshotPlan(plan));
}

/** Reads `<path>.jsonl` and `<path>.json`. */
export function readHistory(path: string): GoldenHistory {
  const lines = readFileSync(`${path}.jsonl`, "utf8").trimEnd().split("\n");
  const record: HistoryRecord = JSON.parse(readFileSync(`${path}.json`, "utf8"));
  return { ...record, events: lines.map((line) => JSON.parse(line)) };
}
