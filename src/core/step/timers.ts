import type { Deciding } from "../plan/deciding.ts";
import type { Plan } from "../plan/plan.ts";
import type { PlanCommandOf } from "../plan/command.ts";
import { beginFailing } from "../plan/stop.ts";
import type { Refusal } from "../refusal.ts";
import { formatDuration } from "../duration.ts";
import { known } from "../known.ts";
import { settleRequest, takeAnswer } from "../request/decide-request.ts";
import type { HumanRequest } from "../request/request.ts";
import { formatTimestamp } from "../timestamp.ts";
import { endInFailure, fail } from "./fail-step.ts";
import { findStep } from "./lookup.ts";
import type { Step, WaitingStep } from "./step.ts";

/** When a step's timer is due; null where it has none. Ready steps stand in lanes instead. */
export function stepTimer(plan: Plan, step: Step): number | null {
  if (step.status !== "waiting") return null;
  if (step.requestId === null) return step.until;
  return plan.requests.get(step.requestId)?.dueAt ?? null;
}

/** When the plan has used up its working time; null while nothing is under way. */
export function planTimer(plan: Plan): number | null {
  if (plan.workingSince === null || plan.ending !== null) return null;
  return plan.workingSince + plan.graph.policy.wallMs - plan.workedMs;
}

/** Looks at a timer: what is due by now happens, anything else is left as it is. */
export function fireTimer(
  deciding: Deciding,
  command: PlanCommandOf<"timer.fire">,
): Refusal | null {
  const { plan, time } = deciding;
  if (command.stepKey === null) {
    const at = planTimer(plan);
    if (at !== null && at <= time) outOfTime(deciding);
    return null;
  }
  const step = findStep(plan, command.stepKey);
  const at = step === undefined ? null : stepTimer(plan, step);
  if (step?.status !== "waiting" || at === null || at > time) return null;
  if (step.requestId === null) endWait(deciding, step);
  else expire(deciding, step, known(plan.requests.get(step.requestId), "request"));
  return null;
}

function outOfTime(deciding: Deciding): void {
  const { wallMs } = deciding.plan.graph.policy;
  const message = `the plan has worked for ${formatDuration(wallMs)}, its budget of working time`;
  beginFailing(deciding, { code: "wall-time", message, retryable: false });
}

function endWait(deciding: Deciding, step: WaitingStep): void {
  const stepKey = step.key;
  if (step.reason === "signal") {
    const message = `no signal "${step.signal}" came in time`;
    endInFailure(deciding, stepKey, { code: "wait-timeout", message, retryable: false });
    return;
  }
  deciding.emit("step.succeeded", { output: { at: formatTimestamp(deciding.time) } }, { stepKey });
}

/** Nobody answered in time: an approval that is not given is a no, unless the text says otherwise. */
function expire(deciding: Deciding, step: WaitingStep, request: HumanRequest): void {
  const stepKey = step.key;
  const { onTimeout } = request;
  const silence = `nobody answered "${request.title}" in time`;
  switch (onTimeout.kind) {
    case "fail":
      expired(deciding, stepKey, request, silence);
      break;
    case "skip":
      deciding.emit("request.expired", { requestId: request.id }, { stepKey });
      deciding.emit("step.skipped", { reason: "timeout" }, { stepKey });
      break;
    case "answer": {
      const answer = takeAnswer(deciding, request, onTimeout.answer);
      if ("value" in answer) settleRequest(deciding, request, answer, "timeout");
      else expired(deciding, stepKey, request, `${silence}; ${answer.message}`);
    }
  }
}

function expired(deciding: Deciding, stepKey: string, request: HumanRequest, why: string): void {
  deciding.emit("request.expired", { requestId: request.id }, { stepKey });
  fail(deciding, stepKey, { code: "request-expired", message: why, retryable: false });
}
