import type { Json } from "../../../core/json.ts";
import { thawPlan } from "../../../core/plan/checkpoint.ts";
import type { RevisionLookup } from "../../../core/plan/evolve.ts";
import type { Plan } from "../../../core/plan/plan.ts";
import type { HeldPlan } from "../../held-plan.ts";

/** Fewer events than this are folded anew sooner than a checkpoint is read. */
const EVENTS_MIN = 5000;

/**
 * Whether the events since the last checkpoint outweigh the state: each one then is as large as
 * all before it together, so that making them costs a constant for each event.
 */
export function needsCheckpoint({ plan, checkpointAt }: HeldPlan): boolean {
  return plan.version - checkpointAt > Math.max(EVENTS_MIN, plan.steps.size * 2);
}

/** The plan as it was at its checkpoint; null where another release made it, and it is of no use. */
export function openCheckpoint(body: string, revisions: RevisionLookup): Plan | null {
  const frozen: Json = JSON.parse(body);
  return thawPlan(frozen, revisions);
}
