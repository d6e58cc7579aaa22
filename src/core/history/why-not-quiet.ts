import type { EventData, PlanEvent, Timestamp } from "../plan/event.ts";
import type { HistoryContext } from "./check-history.ts";
import { followEvent } from "./follow-event.ts";
import { isCalled, joinState } from "./join-state.ts";
import { createTrail, isEnded, isEnding, isOver, type StepTrail, type Trail } from "./trail.ts";
import { type Finding, placed, type Violation } from "./violation.ts";

/** The moment at which everything should have come to rest. */
export interface Rest {
  readonly now: Timestamp;
  /** Whether some worker would take the step; all are served if not said. */
  readonly isServed?: (stepKey: string) => boolean;
}

/**
 * I26: why a plan that has been left alone is neither over nor waiting for a reason that has a
 * name; empty where it is. To be asked when nothing fails any more and time enough has passed.
 */
export function whyNotQuiet(
  events: readonly PlanEvent[],
  context: HistoryContext,
  rest: Rest,
): readonly Violation[] {
  const trail = createTrail(context.revision);
  for (const event of events) followEvent(trail, event);
  return Array.from(unrest(trail, rest), (finding) => placed(finding, { seq: trail.seq }));
}

function* unrest(trail: Trail, rest: Rest): Generator<Finding, void> {
  if (trail.status === null || isOver(trail)) return;
  yield* overdueRequests(trail, rest);
  if (isEnding(trail)) yield restless("the plan is on its way to an end that does not come");
  if (trail.status === "pending-approval" && !isApprovalOpen(trail)) {
    yield restless("the plan waits for approval, and nobody is asked");
  }
  if (trail.status !== "executing") return;
  let isMoving = false;
  for (const step of trail.steps.values()) {
    if (isEnded(step)) continue;
    isMoving = true;
    const why = whyStepIsRestless(step, trail, rest);
    if (why !== null) yield restless(why, step.key);
  }
  const isUnverified = trail.text.needsVerification && trail.verified === 0;
  if (!isMoving && !isUnverified) yield restless("every step has ended, and the plan has not");
}

function* overdueRequests(trail: Trail, rest: Rest): Generator<Finding, void> {
  for (const { created, status } of trail.requests.values()) {
    const { dueAt, requestId } = created.data;
    if (status !== "open" || dueAt === null || dueAt >= rest.now) continue;
    yield restless(`request ${requestId} was due at ${dueAt}`, created.stepKey);
  }
}

function isApprovalOpen(trail: Trail): boolean {
  if (trail.approvalRequest === null) return true;
  return trail.requests.get(trail.approvalRequest)?.status === "open";
}

function whyStepIsRestless(step: StepTrail, trail: Trail, rest: Rest): string | null {
  if (step.wait !== null) return whyWaiting(step, step.wait, trail, rest);
  if (step.phase === "running") return `attempt ${step.attempt} is under way`;
  if (step.phase === "between") return `attempt ${step.attempt} has ended, and nothing followed`;
  return step.phase === "pending" ? whyPending(step, trail) : whyReady(step, trail, rest);
}

function whyPending(step: StepTrail, trail: Trail): string | null {
  if (!isCalled(step, trail)) return whyUncalled(step, trail);
  if (joinState(step, trail) === "open") return null;
  return hasPlace(step) ? "what it needs has ended, and nothing followed" : null;
}

function whyUncalled(step: StepTrail, trail: Trail): string | null {
  const isStandingBy = step.text.standsInFor.some((key) => isOpen(trail.steps.get(key)));
  return isStandingBy ? null : "what it stands in for has ended, and nothing followed";
}

function isOpen(step: StepTrail | undefined): boolean {
  return step !== undefined && !isEnded(step);
}

/** Whether the list that it is a child of has room for another. */
function hasPlace({ parent }: StepTrail): boolean {
  if (parent === null || parent.childrenMax === null) return true;
  return parent.childrenUnderWay < parent.childrenMax;
}

function whyReady(step: StepTrail, trail: Trail, rest: Rest): string | null {
  if (step.notBefore !== null && step.notBefore > rest.now) return null;
  if (trail.isPaused || (trail.text.pausesOnRequest && trail.openRequests > 0)) return null;
  if (rest.isServed?.(step.key) === false) return null;
  return "it is ready, and no worker has begun it";
}

function whyWaiting(
  step: StepTrail,
  wait: EventData["step.waiting"],
  trail: Trail,
  rest: Rest,
): string | null {
  if (wait.until !== undefined && wait.until < rest.now) return `it waited until ${wait.until}`;
  switch (wait.reason) {
    case "request":
    case "gate":
    case "ambiguous-effect":
    case "set-aside":
    case "failed":
      return whyAsking(wait.requestId, trail);
    case "timer":
      return wait.until === undefined ? "it waits for a time that nobody has named" : null;
    case "signal":
      return wait.signal === undefined ? "it waits for a signal without a name" : null;
    case "sub-plan":
      return wait.childPlanId === undefined ? "it waits for a plan that nobody has named" : null;
    case "children":
      return whyList(step);
    case "fallback":
      return whyFallback(step, trail);
  }
}

function whyAsking(requestId: string | undefined, trail: Trail): string | null {
  const status = requestId === undefined ? undefined : trail.requests.get(requestId)?.status;
  if (status === "open") return null;
  return `it waits for an answer, and its request is ${status ?? "not there"}`;
}

function whyList(step: StepTrail): string | null {
  return step.children?.some(isOpen) === true
    ? null
    : "all its children have ended, and it has not";
}

function whyFallback(step: StepTrail, trail: Trail): string | null {
  const isTried = isOpen(trail.steps.get(step.text.fallback ?? ""));
  return isTried ? null : "the step that stands in for it has ended, and it has not";
}

function restless(message: string, stepKey?: string): Finding {
  return { invariant: "I26", message, ...(stepKey === undefined ? {} : { stepKey }) };
}
