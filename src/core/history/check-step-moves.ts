import type { EventType, PlanEvent, WaitReason } from "../plan/event.ts";
import { isEnded, isOver, type Phase, subjectOf, type StepTrail, type Trail } from "./trail.ts";
import type { Finding } from "./violation.ts";

const OPEN = ["pending", "ready", "running", "between", "waiting"] as const;

/** The phases in which a step may meet each of its events; types that are not here move no step. */
const FROM: ReadonlyMap<EventType, readonly Phase[]> = new Map<EventType, readonly Phase[]>([
  ["step.readied", ["pending", "ready", "between", "waiting"]],
  ["step.expanded", ["pending", "waiting"]],
  ["step.waiting", ["pending", "ready", "between", "waiting"]],
  ["attempt.started", ["ready"]],
  ["attempt.failed", ["running"]],
  ["attempt.lost", ["running"]],
  ["check.passed", ["running", "waiting"]],
  ["check.failed", ["running", "waiting"]],
  ["child.started", ["waiting"]],
  ["step.succeeded", OPEN],
  ["step.failed", OPEN],
  ["step.skipped", ["pending", "ready", "waiting"]],
  ["step.cancelled", OPEN],
]);

const TERMINAL: ReadonlySet<EventType> = new Set<EventType>([
  "step.succeeded",
  "step.failed",
  "step.skipped",
  "step.cancelled",
]);

/** I4 and I6: the statuses of a step, from `pending` to its one end. */
export function* checkStepMoves(event: PlanEvent, before: Trail): Generator<Finding, void> {
  const from = FROM.get(event.type);
  if (from === undefined || isOver(before)) return;
  if (before.status !== "executing" && !isGivenUp(event, before)) {
    yield { invariant: "I4", message: `${event.type} in a plan that is ${before.status}` };
  }
  const step = subjectOf(before, event);
  if (step === null) return;
  if (isEnded(step) && TERMINAL.has(event.type)) {
    yield { invariant: "I6", message: `${event.type}, and the step has ${step.phase} already` };
  } else if (!from.includes(step.phase)) {
    const message = `${event.type} of a step that is ${step.phase}, not ${from.join(" or ")}`;
    yield { invariant: "I4", message };
  } else {
    const fault = faultOf(event, step);
    if (fault !== null) yield { invariant: "I4", message: fault };
  }
}

/** Steps of a plan that is given up before it starts may be told as cancelled. */
function isGivenUp(event: PlanEvent, before: Trail): boolean {
  return event.type === "step.cancelled" && before.cancelMode !== null;
}

/** What else must hold besides the phase. */
function faultOf(event: PlanEvent, step: StepTrail): string | null {
  switch (event.type) {
    case "step.readied":
      return faultOfReadied(event.actor.kind, step);
    case "step.expanded":
      return faultOfExpanded(step);
    case "step.waiting":
      return faultOfWaiting(event.data.reason, step);
    case "step.succeeded":
      return event.data.manual === undefined ? faultOfSuccess(step) : null;
    case "attempt.started":
      return step.text.opensItself ? "an attempt of a step that needs no worker" : null;
    default:
      return null;
  }
}

function faultOfReadied(actor: string, step: StepTrail): string | null {
  if (step.text.opensItself) return "a step that needs no worker is readied for one";
  if (step.phase === "ready") return faultOfHastening(actor, step);
  const isOver = step.phase === "between" && step.cause === "failed-for-good";
  return isOver ? "the attempt failed without another to follow" : null;
}

/** Standing in line again is for a backoff that somebody cuts short. */
function faultOfHastening(actor: string, step: StepTrail): string | null {
  if (step.notBefore === null) return "the step is ready already";
  return actor === "system" || actor === "worker" ? "only an operator cuts a backoff short" : null;
}

function faultOfExpanded(step: StepTrail): string | null {
  if (step.text.child === null) return "a step without a list is expanded";
  return step.children === null ? null : "the list is expanded a second time";
}

/** In line for a worker, only an input that cannot be made holds a step up. */
function faultOfWaiting(reason: WaitReason, step: StepTrail): string | null {
  const isHeldUp = reason === "failed" || reason === "fallback";
  return step.phase === "ready" && !isHeldUp ? `a ready step waits (${reason})` : null;
}

/** What nobody did by hand was done by an attempt, by what the step waited for, or by no item. */
function faultOfSuccess(step: StepTrail): string | null {
  if (step.phase === "running" || step.phase === "waiting") return null;
  return step.phase === "pending" && step.children?.length === 0
    ? null
    : `a step succeeds that is ${step.phase}`;
}
