import type { Refusal } from "../refusal.ts";
import { endInFailure, fail } from "../step/fail-step.ts";
import { findStep } from "../step/lookup.ts";
import type { StepError } from "../step/outcome.ts";
import type { WaitingStep } from "../step/step.ts";
import type { PlanCommandOf } from "./command.ts";
import type { Deciding } from "./deciding.ts";

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
  if (deciding.plan.ending !== null) endWithPlan(deciding, command);
  else if (status === "completed") succeed(deciding, command);
  else endInFailure(deciding, stepKey, childError(command));
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

function succeed(deciding: Deciding, command: PlanCommandOf<"child.report">): void {
  const { stepKey, childPlanId, partial, answer } = command;
  deciding.emit(
    "step.succeeded",
    {
      output: { planId: childPlanId, answer: answer ?? null },
      ...(partial ? { partial: "the sub-plan completed in part" } : {}),
    },
    { stepKey },
  );
}

function endWithPlan(deciding: Deciding, command: PlanCommandOf<"child.report">): void {
  const { stepKey } = command;
  const { ending } = deciding.plan;
  if (ending?.kind === "fail" && command.status === "failed") {
    fail(deciding, stepKey, childError(command));
  } else {
    const reason =
      ending?.kind === "fail"
        ? "plan-failing"
        : ending?.kind === "finish"
          ? "plan-finished"
          : "plan-cancelled";
    deciding.emit("step.cancelled", { reason }, { stepKey });
  }
}

function childError(command: PlanCommandOf<"child.report">): StepError {
  const { childPlanId, status, error } = command;
  const why = error === undefined ? "" : `: ${error.message}`;
  const message = `the sub-plan ${childPlanId} was ${status}${why}`;
  return { code: "sub-plan", message, retryable: false, details: { planId: childPlanId } };
}
