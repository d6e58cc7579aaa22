import { closeRequest } from "../request/close-request.ts";
import { hasEnded, type Step } from "../step/step.ts";
import { stepKeys, stepOf } from "../step/lookup.ts";
import type { StepError } from "../step/outcome.ts";
import type { Deciding } from "./deciding.ts";
import type { CancelReason } from "./event.ts";
import type { Ending } from "./plan.ts";

/** Why steps are cancelled that an ending plan does not wait for. */
export const CANCEL_REASONS: Readonly<Record<Ending["kind"], CancelReason>> = {
  cancel: "plan-cancelled",
  fail: "plan-failing",
  finish: "plan-finished",
};

/** The plan is going to fail: nothing starts any more, what runs is drained. */
export function beginFailing(deciding: Deciding, error: StepError, stepKey?: string): void {
  if (deciding.plan.ending !== null) return;
  const about = stepKey === undefined ? {} : { stepKey };
  deciding.emit("plan.failing", { error, ...about });
  cancelSteps(deciding, "plan-failing", "drain");
}

/**
 * Ends every step that has not ended. Those under way are left to end by themselves where they are
 * drained; open sub-plans are told, and end their step when they have ended.
 */
export function cancelSteps(
  deciding: Deciding,
  reason: CancelReason,
  running: "stop" | "drain",
): void {
  for (const key of stepKeys(deciding.plan)) {
    const step = stepOf(deciding.plan, key);
    if (step.status === "running" && running === "drain") continue;
    cancelStep(deciding, step, reason);
  }
}

/** Ends one step that has not ended, with the request it waits for; not while a sub-plan is open. */
export function cancelStep(deciding: Deciding, step: Step, reason: CancelReason): void {
  if (hasEnded(step)) return;
  if (step.status === "waiting" && step.childPlanId !== null) return;
  if (step.status === "waiting" && step.requestId !== null) {
    closeRequest(deciding, step.requestId, reason);
  }
  const attempt = step.status === "running" ? { attempt: step.attempt } : {};
  deciding.emit("step.cancelled", { reason }, { stepKey: step.key, ...attempt });
}
