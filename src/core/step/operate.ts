import type { Deciding } from "../plan/deciding.ts";
import type { PlanCommandOf } from "../plan/command.ts";
import type { Plan } from "../plan/plan.ts";
import { closeRequest } from "../request/close-request.ts";
import { refuseUnfit } from "../plan/refuse-unfit.ts";
import type { Refusal } from "../refusal.ts";
import { stepActions, type StepAction } from "../plan/actions.ts";
import { findStep, specOf } from "./lookup.ts";
import { startAgain } from "./start-again.ts";
import type { Step } from "./step.ts";

/** Runs a step again now: hastens a backoff, or answers for one that is set aside or ambiguous. */
export function retryStep(
  deciding: Deciding,
  command: PlanCommandOf<"step.retry">,
): Refusal | null {
  const step = allowed(deciding, command.stepKey, "retry");
  if ("code" in step) return step;
  closeItsRequest(deciding, step, "retried");
  startAgain(deciding, step.key);
  return null;
}

/** Goes on without a step; what needs it is skipped too, unless its join allows that. */
export function skipStep(deciding: Deciding, command: PlanCommandOf<"step.skip">): Refusal | null {
  const step = allowed(deciding, command.stepKey, "skip");
  if ("code" in step) return step;
  closeItsRequest(deciding, step, "skipped");
  const data = { reason: "operator", note: command.reason } as const;
  deciding.emit("step.skipped", data, subjectOf(step));
  return null;
}

/** Records a step as done by hand; an attempt under way no longer counts. */
export function completeStep(
  deciding: Deciding,
  command: PlanCommandOf<"step.complete">,
): Refusal | null {
  const step = allowed(deciding, command.stepKey, "complete");
  if ("code" in step) return step;
  const { output, note } = command;
  const unfit = refuseUnfit(deciding.plan, output, "the output", "/output");
  if (unfit !== null) return unfit;
  closeItsRequest(deciding, step, "completed by hand");
  deciding.emit("step.succeeded", { output, manual: { note } }, subjectOf(step));
  return null;
}

function allowed(deciding: Deciding, key: string, action: StepAction): Step | Refusal {
  const step = findStep(deciding.plan, key);
  if (step === undefined) return { code: "not-found", message: `the plan has no step "${key}"` };
  if (deciding.command.actor.kind === "agent" && needsPerson(deciding.plan, step)) {
    const message = `"${key}" needs the word of a person; an agent cannot give it`;
    return { code: "forbidden", message };
  }
  const actions = stepActions(deciding.plan, step);
  if (actions.includes(action)) return step;
  const message = `"${key}" is ${step.status}: ${action} is not allowed${wayOut(step)}`;
  return { code: "not-allowed", message, allowed: actions };
}

/** Whether a person is asked, or will be, before the step can end by itself. */
function needsPerson(plan: Plan, step: Step): boolean {
  if (step.status === "waiting" && step.requestId !== null) return true;
  const { kind, document } = specOf(plan, step.key);
  return kind === "human" || (document.approve !== undefined && step.approval === null);
}

function wayOut(step: Step): string {
  if (step.status === "failed")
    return "; a step that failed for good is run again by forking the plan";
  return "";
}

function closeItsRequest(deciding: Deciding, step: Step, reason: string): void {
  if (step.status === "waiting" && step.requestId !== null) {
    closeRequest(deciding, step.requestId, reason);
  }
}

function subjectOf(step: Step): { readonly stepKey: string; readonly attempt?: number } {
  return step.status === "running"
    ? { stepKey: step.key, attempt: step.attempt }
    : { stepKey: step.key };
}
