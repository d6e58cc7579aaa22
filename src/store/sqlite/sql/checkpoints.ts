import type { Json } from "../../../core/json.ts";
import { freezePlan, thawPlan } from "../../../core/plan/checkpoint.ts";
import type { RevisionLookup } from "../../../core/plan/evolve.ts";
import type { Plan } from "../../../core/plan/plan.ts";
import type { HeldPlan } from "../../held-plan.ts";
import type { Driver } from "../driver.ts";

/** Fewer events than this are folded anew sooner than a checkpoint is read. */
const EVENTS_MIN = 5000;

/**
 * Whether the events since the last checkpoint outweigh the state: each one then is as large as
 * all before it together, so that making them costs a constant for each event.
 */
export function needsCheckpoint({ plan, checkpointAt }: HeldPlan): boolean {
  return plan.version - checkpointAt > Math.max(EVENTS_MIN, plan.steps.size * 2);
}

/** Keeps the folded plan, so that whoever loads it begins from there; the one before is forgotten. */
export function saveCheckpoint(driver: Driver, held: HeldPlan): void {
  driver.run(
    "insert or replace into checkpoints (plan_no, seq, body) values (?, ?, ?)",
    held.no,
    held.plan.version,
    JSON.stringify(freezePlan(held.plan)),
  );
  held.checkpointAt = held.plan.version;
}

/** The plan as it was at its checkpoint, with the hash of its last event; null where there is none to use. */
export function findCheckpoint(
  driver: Driver,
  planNo: number,
  revisions: RevisionLookup,
): { readonly plan: Plan; readonly hash: string } | null {
  const row = driver.find<{ body: string; hash: string }>(
    `select checkpoints.body, events.hash from checkpoints
     join events on events.plan_no = checkpoints.plan_no and events.seq = checkpoints.seq
     where checkpoints.plan_no = ?`,
    planNo,
  );
  if (row === undefined) return null;
  const body: Json = JSON.parse(row.body);
  const plan = thawPlan(body, revisions);
  return plan === null ? null : { plan, hash: row.hash };
}
