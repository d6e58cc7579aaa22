import { STEP_STATUSES, type StepStatus } from "../step/step.ts";
import type { StepCounts } from "./plan.ts";

export const NO_STEPS: StepCounts = {
  pending: 0,
  ready: 0,
  running: 0,
  waiting: 0,
  succeeded: 0,
  failed: 0,
  skipped: 0,
  cancelled: 0,
};

/** The counts after one step has gone from one status to another. */
export function recount(counts: StepCounts, from: StepStatus, to: StepStatus): StepCounts {
  if (from === to) return counts;
  return { ...counts, [from]: counts[from] - 1, [to]: counts[to] + 1 };
}

/** With the children of every expanded `forEach`. */
export function allSteps(counts: StepCounts): number {
  return STEP_STATUSES.reduce((sum, status) => sum + counts[status], 0);
}

/** Steps without a terminal record. */
export function openSteps(counts: StepCounts): number {
  return counts.pending + counts.ready + counts.running + counts.waiting;
}
