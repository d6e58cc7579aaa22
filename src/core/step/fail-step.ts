import { beginFailing } from "../plan/stop.ts";
import type { Deciding } from "../plan/deciding.ts";
import { known } from "../known.ts";
import { askWhatNow } from "../request/system-requests.ts";
import { isLeftOver } from "./left-over.ts";
import { specOf, stepOf } from "./lookup.ts";
import type { StepError } from "./outcome.ts";
import { hasEnded } from "./step.ts";

/** The attempt that a failure ends, and the digest of what it brought. */
export interface FailedAttempt {
  readonly attempt: number;
  readonly outcomeDigest: string;
}

/**
 * A step has failed and will not be tried again by itself. What that means, its text says: the
 * plan fails, goes on, asks, or another step stands in.
 *
 * @param ended absent where no attempt was started
 */
export function endInFailure(
  deciding: Deciding,
  key: string,
  error: StepError,
  ended?: FailedAttempt,
): void {
  const { plan } = deciding;
  const { document, fallback } = specOf(plan, key);
  const isFinal = plan.ending !== null || isLeftOver(plan, stepOf(plan, key));
  if (isFinal || (fallback === null && document.onFailure !== "ask")) {
    fail(deciding, key, error, ended);
    return;
  }
  if (ended !== undefined) {
    const { attempt, outcomeDigest } = ended;
    deciding.emit("attempt.failed", { error, outcomeDigest }, { stepKey: key, attempt });
  }
  if (fallback === null) askWhatNow(deciding, key, error);
  else waitForFallback(deciding, key, fallback, error);
}

/** Ends a step as failed, whatever its text says about failing. */
export function fail(
  deciding: Deciding,
  key: string,
  error: StepError,
  ended?: FailedAttempt,
): void {
  const { required } = specOf(deciding.plan, key);
  const isChild = stepOf(deciding.plan, key).parentKey !== null;
  const digest = ended === undefined ? {} : { outcomeDigest: ended.outcomeDigest };
  const attempt = ended === undefined ? {} : { attempt: ended.attempt };
  deciding.emit("step.failed", { error, ...digest }, { stepKey: key, ...attempt });
  if (required && !isChild) beginFailing(deciding, error, key);
}

function waitForFallback(
  deciding: Deciding,
  key: string,
  fallback: string,
  error: StepError,
): void {
  deciding.emit("step.waiting", { reason: "fallback", error }, { stepKey: key });
  if (hasEnded(stepOf(deciding.plan, fallback))) fallbackEnded(deciding, key, fallback);
  else deciding.opening.push(fallback);
}

/** What stood in for a step has ended: its success is the step's, its failure too. */
export function fallbackEnded(deciding: Deciding, key: string, fallbackKey: string): void {
  const step = stepOf(deciding.plan, key);
  if (step.status !== "waiting" || step.reason !== "fallback") return;
  const fallback = stepOf(deciding.plan, fallbackKey);
  if (fallback.status !== "succeeded") {
    fail(deciding, key, known(step.lastError, "error"));
    return;
  }
  const partial = fallback.partial === null ? {} : { partial: fallback.partial };
  const { output, artifacts } = fallback;
  deciding.emit("step.succeeded", { output, artifacts, ...partial }, { stepKey: key });
}
