import type { Deciding } from "../plan/deciding.ts";
import { stepOf } from "./lookup.ts";
import { openStep } from "./open-step.ts";
import { readyAgain } from "./ready-again.ts";

/**
 * Has a person's word that a step may go on. One that was never attempted is opened afresh: it
 * asks, waits, begins its sub-plan or passes its gate again; every other one goes back into line.
 */
export function startAgain(deciding: Deciding, stepKey: string): void {
  if (stepOf(deciding.plan, stepKey).attempt > 0) readyAgain(deciding, stepKey, null);
  else openStep(deciding, stepKey);
}
