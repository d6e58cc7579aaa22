import { closeRequest } from "../request/close-request.ts";
import type { Refusal } from "../refusal.ts";
import { hasEnded } from "../step/step.ts";
import { stepOf } from "../step/lookup.ts";
import { refuseUnless } from "./approve.ts";
import type { PlanCommandOf } from "./command.ts";
import { lacksVerification } from "./conclude.ts";
import type { Deciding } from "./deciding.ts";
import type { Plan } from "./plan.ts";
import { refuseUnfit } from "./refuse-unfit.ts";
import { cancelSteps } from "./stop.ts";

/** Lets nothing start until the plan is resumed; what is under way goes on. */
export function pausePlan(
  deciding: Deciding,
  command: PlanCommandOf<"plan.pause">,
): Refusal | null {
  const refusal = refuseUnless(deciding, "pause");
  if (refusal !== null) return refusal;
  deciding.emit("plan.paused", command.reason === undefined ? {} : { reason: command.reason });
  return null;
}

export function resumePlan(deciding: Deciding): Refusal | null {
  const refusal = refuseUnless(deciding, "resume");
  if (refusal === null) deciding.emit("plan.resumed", {});
  return refusal;
}

/** Ends a plan: at once, or as soon as what is under way has ended. */
export function cancelPlan(
  deciding: Deciding,
  command: PlanCommandOf<"plan.cancel">,
): Refusal | null {
  const refusal = refuseUnless(deciding, "cancel");
  if (refusal !== null) return refusal;
  const { mode, reason } = command;
  if (mode === "drain" && deciding.plan.ending?.kind === "cancel") {
    const message = "the plan is being drained already; it can still be stopped at once";
    return { code: "not-allowed", message, allowed: ["cancel"] };
  }
  const why = reason === undefined ? {} : { reason };
  const wasExecuting = deciding.plan.status === "executing";
  deciding.emit("plan.cancel-requested", { mode, ...why });
  if (wasExecuting) {
    cancelSteps(deciding, "plan-cancelled", mode);
    return null;
  }
  const { approvalRequest } = deciding.plan;
  if (approvalRequest !== null) closeRequest(deciding, approvalRequest, "the plan was cancelled");
  deciding.emit("plan.cancelled", why);
  return null;
}

/** Ends an executing plan by hand, with a final answer; success only where nothing required is missing. */
export function finishPlan(
  deciding: Deciding,
  command: PlanCommandOf<"plan.finish">,
): Refusal | null {
  const refusal = refuseUnless(deciding, "finish");
  if (refusal !== null) return refusal;
  const { result, answer, summary, evidence } = command;
  const report = {
    ...(answer === undefined ? {} : { answer }),
    ...(summary === undefined ? {} : { summary }),
    ...(evidence === undefined ? {} : { evidence }),
  };
  const unfit = refuseUnfit(deciding.plan, report, "the report", "");
  if (unfit !== null) return unfit;
  const missing = result === "success" ? findMissing(deciding.plan) : [];
  if (missing.length > 0) {
    const message = `the plan cannot be finished as a success: ${missing.join("; ")}`;
    return { code: "not-allowed", message, allowed: ["finish as a failure", "cancel"] };
  }
  deciding.emit("plan.finished", { result, ...report });
  cancelSteps(deciding, "plan-finished", "stop");
  return null;
}

/** Steps that are named where they stand in the way. */
const SHOWN_MAX = 10;

function findMissing(plan: Plan): string[] {
  const missing = lacksVerification(plan) ? ["no verification has passed"] : [];
  const open = [...plan.graph.specs.values()]
    .filter((spec) => spec.required && !hasEnded(stepOf(plan, spec.key)))
    .map((spec) => `"${spec.key}" is ${stepOf(plan, spec.key).status}`);
  if (open.length <= SHOWN_MAX) return [...open, ...missing];
  return [...open.slice(0, SHOWN_MAX), `${open.length - SHOWN_MAX} more steps`, ...missing];
}
