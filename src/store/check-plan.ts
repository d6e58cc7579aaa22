import { canonicalJson } from "../core/canonical-json.ts";
import type { Json } from "../core/json.ts";
import type { PlanId } from "../core/id.ts";
import { evolve } from "../core/plan/evolve.ts";
import type { PlanEvent } from "../core/plan/event.ts";
import type { Plan, Revision } from "../core/plan/plan.ts";
import { laneKey } from "../core/step/ready-lanes.ts";
import { wakeups, type LaneWakeup, type TimerWakeup } from "../core/wakeup.ts";
import { project, projectAll, type PlanRow, type RequestRow, type StepRow } from "./projection.ts";
import type { ArtifactRow } from "./store.ts";

/** All that a store keeps of one plan. */
export interface PlanEvidence {
  readonly planId: PlanId;
  readonly log: readonly { readonly seq: number; readonly hash: string; readonly text: string }[];
  readonly revision: (number: number) => Revision;
  readonly plan: PlanRow;
  readonly steps: readonly StepRow[];
  readonly requests: readonly RequestRow[];
  readonly artifacts: readonly ArtifactRow[];
  readonly timers: readonly TimerWakeup[];
  readonly lanes: readonly LaneWakeup[];
}

/**
 * What is wrong with what a store keeps of one plan: the log's numbers and hashes (I1, I2), and
 * that its rows are what its events add up to (I20). Messages are left out: a delivered one is gone.
 */
export function* checkPlan(
  evidence: PlanEvidence,
  digest: (text: string) => string,
): Iterable<string> {
  const { planId } = evidence;
  yield* checkLog(evidence, digest);
  const events: PlanEvent[] = [];
  let plan: Plan | null = null;
  try {
    for (const { text } of evidence.log) {
      const event: PlanEvent = JSON.parse(text);
      events.push(event);
      plan = evolve(plan, event, evidence.revision);
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    yield `${planId}: its events do not add up to a plan: ${why}`;
    return;
  }
  if (plan === null) yield `${planId}: it has rows and no events`;
  else yield* compareRows(evidence, plan, events);
}

function* checkLog(
  { planId, log }: PlanEvidence,
  digest: (text: string) => string,
): Iterable<string> {
  let previous = "";
  for (const [index, { seq, hash, text }] of log.entries()) {
    if (seq !== index + 1) yield `${planId}: event ${index + 1} is numbered ${seq}`;
    if (hash !== digest(previous + text)) {
      yield `${planId}/${seq}: it or what came before it was changed: its hash does not hold`;
    }
    previous = hash;
  }
}

function* compareRows(
  evidence: PlanEvidence,
  plan: Plan,
  events: readonly PlanEvent[],
): Iterable<string> {
  const { planId } = evidence;
  const all = projectAll(plan);
  const due = wakeups(plan, events);
  yield* compare(planId, "plan", [evidence.plan], [all.plan], () => "");
  yield* compare(planId, "step", evidence.steps, all.steps, (row) => row.stepKey);
  yield* compare(planId, "request", evidence.requests, all.requests, (row) => row.id);
  const { artifacts } = project(plan, events);
  yield* compare(planId, "artifact", evidence.artifacts, artifacts, (row) => row.id);
  const timers = due.timers.filter(isSet);
  yield* compare(planId, "timer", evidence.timers, timers, (row) => row.stepKey ?? "");
  const lanes = due.lanes.filter(isSet);
  yield* compare(planId, "lane", evidence.lanes, lanes, (row) => laneKey(row.lane));
}

function* compare<Row extends object>(
  planId: PlanId,
  what: string,
  rows: readonly Row[],
  truth: readonly Row[],
  keyOf: (row: Row) => string,
): Iterable<string> {
  const left = new Map(rows.map((row) => [keyOf(row), textOf(row)]));
  for (const row of truth) {
    const key = keyOf(row);
    const expected = textOf(row);
    const found = left.get(key) ?? "nothing";
    left.delete(key);
    if (found !== expected) {
      yield `${planId}: its ${what} row ${key} says ${found}, its events ${expected}`;
    }
  }
  for (const [key, text] of left) {
    yield `${planId}: its ${what} row ${key} says ${text}, its events know none`;
  }
}

function textOf(row: object): string {
  const json: Json = JSON.parse(JSON.stringify(row));
  return canonicalJson(json);
}

function isSet(row: { readonly at: number | null }): boolean {
  return row.at !== null;
}
