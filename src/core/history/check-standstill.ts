import type { EventType, PlanEvent } from "../plan/event.ts";
import { subjectOf, type Trail } from "./trail.ts";
import type { Finding } from "./violation.ts";

const OPENS: ReadonlySet<EventType> = new Set<EventType>([
  "attempt.started",
  "step.readied",
  "step.waiting",
  "step.expanded",
]);

/** I8: what was told to stop stops; nothing starts, and nothing succeeds that may not. */
export function* checkStandstill(event: PlanEvent, before: Trail): Generator<Finding, void> {
  const standstill = OPENS.has(event.type) ? whyNothingOpens(before) : null;
  if (standstill !== null) yield { invariant: "I8", message: `${event.type} ${standstill}` };
  const pause = event.type === "attempt.started" ? whyPaused(before) : null;
  if (pause !== null) yield { invariant: "I8", message: `attempt.started while ${pause}` };
  if (event.type === "step.succeeded" && before.cancelMode !== null) {
    yield* checkLateSuccess(event, before);
  }
  if (event.type === "step.cancelled" && isDraining(before)) yield* checkDrain(event, before);
}

function whyNothingOpens(before: Trail): string | null {
  if (before.cancelMode !== null) return "after the plan was told to cancel";
  if (before.finished !== null) return "after the plan was finished by hand";
  if (before.isFailing) return "while the plan is failing";
  if (before.failedStep === null) return null;
  return `after ${before.failedStep} has failed, which the plan cannot do without`;
}

function whyPaused(before: Trail): string | null {
  if (before.isPaused) return "the plan is paused";
  const isHeld = before.text.pausesOnRequest && before.openRequests > 0;
  return isHeld ? "an open request holds up the whole plan" : null;
}

function isDraining(before: Trail): boolean {
  return before.cancelMode === "drain" || (before.isFailing && before.cancelMode === null);
}

/** What runs is left to end by itself. */
function* checkDrain(event: PlanEvent, before: Trail): Generator<Finding, void> {
  if (subjectOf(before, event)?.phase !== "running") return;
  yield { invariant: "I8", message: "an attempt is cut short while the plan is being drained" };
}

/** Draining lets attempts under way succeed, and nothing else. */
function* checkLateSuccess(event: PlanEvent, before: Trail): Generator<Finding, void> {
  const isUnderWay = subjectOf(before, event)?.phase === "running";
  if (before.cancelMode === "drain" && isUnderWay) return;
  yield { invariant: "I8", message: `a success after cancelling (${before.cancelMode})` };
}
