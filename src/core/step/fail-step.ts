import { beginFailing } from "../plan/stop.ts";
import type { Deciding } from "../plan/deciding.ts";
import { known } from "../known.ts";
import { askWhatNow } from "../request/system-requests.ts";
import { isLeftOver } from "./left-over.ts";
import { specOf, stepOf } from "./lookup.ts";
import type { StepError } from "./outcome.ts";
import { hasEnded } from "./step.ts";

/**
 * A step has failed and will not be tried again by itself. What that means, its text says: the
 * plan fails, goes on, asks, or another step stands in.
 *
 * @param attempt the attempt that failed; absent where none was started
 */
export function endInFailure(
  deciding: Deciding,
  key: string,
  error: StepError,
  attempt?: number,
  outcomeDigest?: string,
): void {
  const { plan } = deciding;
  const spec = specOf(plan, key);
  const subject = attempt === undefined ? { stepKey: key } : { stepKey: key, attempt };
  const digest = outcomeDigest === undefined ? {} : { outcomeDigest };
  const asks = spec.document.onFailure === "ask";
  const fallback = stepOf(plan, key).parentKey === null ? spec.fallback : null;
  const goesOn = plan.ending === null && !isLeftOver(plan, stepOf(plan, key));
  if (goesOn && (asks || fallback !== null)) {
    if (attempt !== undefined) deciding.emit("attempt.failed", { error, ...digest }, subject);
    if (asks) askWhatNow(deciding, key, error);
    else waitForFallback(deciding, key, known(fallback, "fallback"), error);
    return;
  }
  fail(deciding, key, error, subject, digest);
}

/** Ends a step as failed, whatever its text says about failing. */
export function fail(
  deciding: Deciding,
  key: string,
  error: StepError,
  subject: { readonly stepKey: string; readonly attempt?: number } = { stepKey: key },
  digest: { readonly outcomeDigest?: string } = {},
): void {
  const isChild = stepOf(deciding.plan, key).parentKey !== null;
  deciding.emit("step.failed", { error, ...digest }, subject);
  if (!isChild && specOf(deciding.plan, key).required) beginFailing(deciding, error, key);
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
