import type { Deciding } from "../plan/deciding.ts";
import type { PlanCommandOf } from "../plan/command.ts";
import type { LossReason } from "../plan/event.ts";
import type { Refusal } from "../refusal.ts";
import { askWhetherItHappened, setAside } from "../request/system-requests.ts";
import type { Ending } from "../plan/plan.ts";
import { CANCEL_REASONS } from "../plan/stop.ts";
import { fail } from "./fail-step.ts";
import { isLeftOver } from "./left-over.ts";
import { findStep, specOf, stepOf } from "./lookup.ts";
import type { StepError } from "./outcome.ts";
import { readyAgain } from "./ready-again.ts";

type Lose = PlanCommandOf<"attempt.lose">;

/**
 * An attempt ended without an outcome: its worker is gone, or had to let go of it. Harmless work
 * starts again; what may have taken effect is never run again by itself; what keeps killing its
 * workers is set aside.
 */
export function loseAttempt(deciding: Deciding, command: Lose): Refusal | null {
  const { stepKey, attempt, reason } = command;
  const step = findStep(deciding.plan, stepKey);
  if (step === undefined || step.status !== "running" || step.attempt !== attempt) {
    const message = `attempt ${attempt} of "${stepKey}" is not under way`;
    return { code: "stale-attempt", message, current: step?.attempt ?? 0 };
  }
  const { workerId } = step;
  deciding.emit("attempt.lost", { reason, workerId }, { stepKey, attempt });
  const { ending } = deciding.plan;
  if (ending !== null) endWithPlan(deciding, command, ending);
  else if (isLeftOver(deciding.plan, step)) fail(deciding, stepKey, lostError(reason));
  else goOn(deciding, command);
  return null;
}

/** A worker that put its work down in good order has not died of it. */
function goOn(deciding: Deciding, { stepKey, attempt, reason }: Lose): void {
  const { recoveries } = stepOf(deciding.plan, stepKey);
  if (specOf(deciding.plan, stepKey).effect === "once") {
    askWhetherItHappened(deciding, stepKey, attempt);
  } else if (reason !== "drained" && recoveries >= deciding.plan.limits.recoveriesMax) {
    setAside(deciding, stepKey, recoveries);
  } else {
    readyAgain(deciding, stepKey, null);
  }
}

function endWithPlan(deciding: Deciding, { stepKey, reason }: Lose, { kind }: Ending): void {
  if (kind === "fail") fail(deciding, stepKey, lostError(reason));
  else deciding.emit("step.cancelled", { reason: CANCEL_REASONS[kind] }, { stepKey });
}

function lostError(reason: LossReason): StepError {
  const message = `the attempt ended without an outcome (${reason}); whether it took effect is not known`;
  return { code: "lost", message, retryable: false, ambiguous: true };
}
