import type { PlanEvent, PlanEventOf, WaitReason } from "../plan/event.ts";
import { isEnded, subjectOf, type StepTrail, type Trail } from "./trail.ts";
import type { Finding, Invariant } from "./violation.ts";

/** I4 and I10: a step that waits goes on when what it waits for has happened, and not before. */
export function* checkWaits(event: PlanEvent, before: Trail): Generator<Finding, void> {
  const step = subjectOf(before, event);
  if (step === null || step.wait === null) return;
  const { reason } = step.wait;
  if (event.type === "step.succeeded" && event.data.manual === undefined) {
    const fault = faultOfSuccess(event, step, before);
    if (fault !== null) yield { invariant: invariantOf(reason), message: fault };
  }
  if (event.type === "step.failed" && reason === "signal") yield* checkTimeout(event, step);
}

function invariantOf(reason: WaitReason): Invariant {
  return reason === "request" || reason === "gate" ? "I10" : "I4";
}

function faultOfSuccess(
  event: PlanEventOf<"step.succeeded">,
  step: StepTrail,
  before: Trail,
): string | null {
  switch (step.wait?.reason) {
    case "request":
      return faultOfAnswer(step, before);
    case "timer":
      return faultOfTimer(event, step);
    case "signal":
      return faultOfSignal(step, before);
    case "sub-plan":
      return step.childStatus === "completed" ? null : "a step succeeds without its sub-plan";
    case "children":
      return faultOfChildren(step);
    case "fallback":
      return faultOfFallback(step, before);
    default:
      return `a step succeeds by itself that waits (${step.wait?.reason})`;
  }
}

/** An answer is enough, but for an approval or a review, where it must be a yes. */
function faultOfAnswer(step: StepTrail, before: Trail): string | null {
  const request = before.requests.get(step.wait?.requestId ?? "");
  if (request?.status !== "decided") return "a step succeeds, and its request is not decided";
  const { kind } = request.created.data;
  const isVerdict = kind === "approval" || kind === "review";
  return isVerdict && !request.isYes ? "a step succeeds, and the answer was no" : null;
}

function faultOfTimer(event: PlanEvent, step: StepTrail): string | null {
  const until = step.wait?.until ?? "";
  return event.time < until ? `a step that waits until ${until} goes on before` : null;
}

function faultOfSignal(step: StepTrail, before: Trail): string | null {
  const name = step.wait?.signal ?? "";
  const isThere = (before.signals.get(name) ?? 0) > 0;
  return isThere ? null : `a step goes on without the signal ${name}`;
}

function faultOfChildren(step: StepTrail): string | null {
  const open = step.children?.find((child) => !isEnded(child));
  return open === undefined ? null : `a list succeeds before its child ${open.key} has ended`;
}

function faultOfFallback(step: StepTrail, before: Trail): string | null {
  const key = step.text.fallback ?? "";
  const isDone = before.steps.get(key)?.phase === "succeeded";
  return isDone ? null : `a step that failed succeeds without ${key}, which stands in for it`;
}

/** A signal that did not come is given up at its time. */
function* checkTimeout(
  event: PlanEventOf<"step.failed">,
  step: StepTrail,
): Generator<Finding, void> {
  const until = step.wait?.until;
  if (until === undefined || event.time >= until) return;
  yield { invariant: "I4", message: `a signal is given up before ${until}` };
}
