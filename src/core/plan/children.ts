import type { Json } from "../json.ts";
import type { Refusal } from "../refusal.ts";
import { endInFailure, fail } from "../step/fail-step.ts";
import { findStep } from "../step/lookup.ts";
import type { StepError } from "../step/outcome.ts";
import type { WaitingStep } from "../step/step.ts";
import type { PlanCommandOf } from "./command.ts";
import type { Deciding } from "./deciding.ts";
import type { Ending } from "./plan.ts";
import { refuseUnfit } from "./refuse-unfit.ts";
import { CANCEL_REASONS } from "./stop.ts";

/** The sub-plan of a step exists. */
export function acknowledgeChild(
  deciding: Deciding,
  command: PlanCommandOf<"child.acknowledge">,
): Refusal | null {
  const { stepKey, childPlanId } = command;
  const step = waitingFor(deciding, stepKey, childPlanId);
  if ("code" in step) return step;
  deciding.emit("child.started", { childPlanId }, { stepKey });
  return null;
}

/** The sub-plan of a step has ended, and its step ends with it. */
export function reportChild(
  deciding: Deciding,
  command: PlanCommandOf<"child.report">,
): Refusal | null {
  const { stepKey, childPlanId, status, partial, answer, error } = command;
  const step = waitingFor(deciding, stepKey, childPlanId);
  if ("code" in step) return step;
  deciding.emit(
    "child.ended",
    {
      childPlanId,
      status,
      partial,
      ...(answer === undefined ? {} : { answer }),
      ...(error === undefined ? {} : { error }),
    },
    { stepKey },
  );
  const output = { planId: childPlanId, answer: answer ?? null };
  const unfit = refuseUnfit(deciding.plan, output, "the sub-plan's answer", "/answer");
  const { ending } = deciding.plan;
  if (ending !== null) endWithPlan(deciding, command, ending);
  else if (status !== "completed") endInFailure(deciding, stepKey, childError(command));
  else if (unfit === null) succeed(deciding, command, output);
  else endInFailure(deciding, stepKey, answerError(unfit.message));
  return null;
}

function waitingFor(
  deciding: Deciding,
  stepKey: string,
  childPlanId: string,
): WaitingStep | Refusal {
  const step = findStep(deciding.plan, stepKey);
  if (step?.status === "waiting" && step.childPlanId === childPlanId) return step;
  const message = `"${stepKey}" does not wait for ${childPlanId}`;
  return { code: "not-allowed", message, allowed: [] };
}

function succeed(
  deciding: Deciding,
  { stepKey, partial }: PlanCommandOf<"child.report">,
  output: Json,
): void {
  const lacks = partial ? { partial: "the sub-plan completed in part" } : {};
  deciding.emit("step.succeeded", { output, ...lacks }, { stepKey });
}

function answerError(message: string): StepError {
  return { code: "output-too-large", message, retryable: false };
}

function endWithPlan(
  deciding: Deciding,
  command: PlanCommandOf<"child.report">,
  { kind }: Ending,
): void {
  const { stepKey, status } = command;
  if (kind === "fail" && status === "failed") fail(deciding, stepKey, childError(command));
  else deciding.emit("step.cancelled", { reason: CANCEL_REASONS[kind] }, { stepKey });
}

function childError(command: PlanCommandOf<"child.report">): StepError {
  const { childPlanId, status, error } = command;
  const why = error === undefined ? "" : `: ${error.message}`;
  const message = `the sub-plan ${childPlanId} was ${status}${why}`;
  return { code: "sub-plan", message, retryable: false, details: { planId: childPlanId } };
}
