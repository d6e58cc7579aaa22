import { canonicalJson } from "../canonical-json.ts";
import type { Json } from "../json.ts";
import type { Deciding } from "../plan/deciding.ts";
import type { PlanCommandOf } from "../plan/command.ts";
import { effectiveRetry } from "../plan/policy.ts";
import type { Refusal } from "../refusal.ts";
import { refusedKey } from "./refused-key.ts";
import { askWhetherItHappened } from "../request/system-requests.ts";
import { formatTimestamp } from "../timestamp.ts";
import { boundedError } from "./bounded-error.ts";
import { endInFailure } from "./fail-step.ts";
import { judgeOutput } from "./judge-output.ts";
import { isLeftOver } from "./left-over.ts";
import { findStep, specOf, stepOf } from "./lookup.ts";
import type { Outcome, StepError } from "./outcome.ts";
import { readyAgain } from "./ready-again.ts";
import { backoffMs } from "./retry.ts";

type Report = PlanCommandOf<"attempt.report">;

/** Records how an attempt ended; one that no longer counts is refused, and what it brought is kept. */
export function reportOutcome(deciding: Deciding, report: Report): Refusal | null {
  const { stepKey, attempt, outcome } = report;
  const step = findStep(deciding.plan, stepKey);
  if (step === undefined) {
    return { code: "not-found", message: `the plan has no step "${stepKey}"` };
  }
  const digest = deciding.pure.digest(canonicalJson(outcomeJson(outcome)));
  if (step.attempt === attempt && step.outcomeDigest === digest) return null;
  const holds =
    step.status === "running" && step.attempt === attempt && step.workerId === report.workerId;
  if (!holds) return refuseLate(deciding, report, step.attempt, digest);
  for (const artifact of outcome.artifacts ?? []) {
    deciding.emit("artifact.published", { artifact }, { stepKey, attempt });
  }
  if (outcome.kind === "failed")
    recordFailure(deciding, report, boundedError(outcome.error), digest);
  else recordSuccess(deciding, report, outcome, digest);
  return null;
}

function outcomeJson(outcome: Outcome): Json {
  return JSON.parse(JSON.stringify(outcome));
}

/**
 * Told once per attempt: whoever comes late again gets the same refusal and leaves nothing more,
 * and so does whoever names an attempt that there never was.
 */
function refuseLate(deciding: Deciding, report: Report, current: number, digest: string): Refusal {
  const { stepKey, attempt, outcome, workerId } = report;
  const isTold = deciding.plan.refused.has(refusedKey(stepKey, attempt, workerId));
  if (!isTold && attempt >= 1 && attempt <= current) {
    const brought = { digest, outcome: shortened(outcome) };
    deciding.emit("attempt.refused", { current, workerId, brought }, { stepKey, attempt });
  }
  const message = `attempt ${attempt} of "${stepKey}" no longer counts; nothing was changed`;
  return { code: "stale-attempt", message, current };
}

const LATE_OUTCOME_MAX = 64 * 1024;

function shortened(outcome: Outcome): Json {
  const text = JSON.stringify(outcome);
  return text.length <= LATE_OUTCOME_MAX ? JSON.parse(text) : { kind: outcome.kind, cut: true };
}

function recordSuccess(
  deciding: Deciding,
  report: Report,
  outcome: Extract<Outcome, { kind: "succeeded" }>,
  outcomeDigest: string,
): void {
  const { stepKey, attempt } = report;
  const verdict = judgeOutput(deciding, stepKey, attempt, outcome);
  if (verdict.kind === "unfit")
    return recordFailure(deciding, report, verdict.error, outcomeDigest);
  if (verdict.kind === "feedback") {
    const retryAt = formatTimestamp(deciding.time);
    const { error, feedback } = verdict;
    deciding.emit(
      "attempt.failed",
      { error, feedback, retryAt, outcomeDigest },
      { stepKey, attempt },
    );
    deciding.emit("step.readied", {}, { stepKey });
    return;
  }
  const { output, artifacts, partial, workedMs } = outcome;
  deciding.emit(
    "step.succeeded",
    {
      ...(artifacts === undefined ? {} : { artifacts }),
      outcomeDigest,
      output,
      ...(partial === undefined ? {} : { partial }),
      ...(workedMs === undefined ? {} : { workedMs }),
    },
    { stepKey, attempt },
  );
}

function recordFailure(
  deciding: Deciding,
  report: Report,
  error: StepError,
  outcomeDigest: string,
): void {
  const { stepKey, attempt, chance } = report;
  const { plan } = deciding;
  const step = stepOf(plan, stepKey);
  const spec = specOf(plan, stepKey);
  const retry = effectiveRetry(spec.document.retry, plan.graph.policy.retry);
  const subject = { stepKey, attempt };
  if (plan.ending !== null || isLeftOver(plan, step)) {
    endInFailure(deciding, stepKey, error, { attempt, outcomeDigest });
  } else if (error.ambiguous === true && spec.effect === "once") {
    deciding.emit("attempt.failed", { error, outcomeDigest }, subject);
    askWhetherItHappened(deciding, stepKey, attempt);
  } else if (error.retryable && step.failures + 1 < retry.attempts) {
    const waitMs = backoffMs(retry, step.failures + 1, chance);
    const retryAt = formatTimestamp(deciding.time + waitMs);
    deciding.emit("attempt.failed", { error, retryAt, outcomeDigest }, subject);
    readyAgain(deciding, stepKey, waitMs === 0 ? null : retryAt);
  } else {
    endInFailure(deciding, stepKey, error, { attempt, outcomeDigest });
  }
}
