import type { EventType, PlanEvent, PlanEventOf } from "../plan/event.ts";
import { isEnded, type StepTrail, type Trail } from "./trail.ts";
import type { Finding } from "./violation.ts";

const ENDS: ReadonlySet<EventType> = new Set<EventType>([
  "plan.completed",
  "plan.failed",
  "plan.cancelled",
  "plan.rejected",
]);

/** I3, I4, I6, I9 at the end: it is the right end, and it leaves nothing open. */
export function* checkEnding(event: PlanEvent, before: Trail): Generator<Finding, void> {
  if (!ENDS.has(event.type)) return;
  if (event.type === "plan.completed") yield* checkCompleted(event, before);
  const fault = faultOf(event, before);
  if (fault !== null) yield { invariant: "I4", message: fault };
  yield* checkNothingOpen(event, before);
}

/** An end was announced before, as the kind of end that it is. */
function faultOf(event: PlanEvent, before: Trail): string | null {
  const isUnderWay = before.status === "executing";
  if (event.type === "plan.cancelled" && isUnderWay && before.cancelMode === null) {
    return "the plan is cancelled, and nobody asked for it";
  }
  if (event.type === "plan.failed" && !before.isFailing && before.finished !== "failure") {
    return "the plan has failed, and nothing told that it was failing";
  }
  return null;
}

/** A plan that never started may leave its steps untold; one that did may not. */
function* checkNothingOpen(event: PlanEvent, before: Trail): Generator<Finding, void> {
  for (const request of before.requests.values()) {
    if (request.status !== "open") continue;
    const message = `${event.type} leaves request ${request.created.data.requestId} open`;
    yield { invariant: "I9", message };
  }
  if (before.status !== "executing") return;
  for (const step of before.steps.values()) {
    if (isEnded(step)) continue;
    const message = `${event.type} leaves the step ${step.phase}`;
    yield { invariant: "I6", message, stepKey: step.key };
  }
}

function* checkCompleted(
  event: PlanEventOf<"plan.completed">,
  before: Trail,
): Generator<Finding, void> {
  if (before.cancelMode !== null || before.isFailing || before.finished === "failure") {
    yield { invariant: "I4", message: "a plan on its way to another end is completed" };
  }
  for (const step of before.steps.values()) {
    if (!step.text.isRequired || step.phase === "succeeded" || step.phase === "skipped") continue;
    const message = `the plan is completed without a step that it requires (${step.phase})`;
    yield { invariant: "I4", message, stepKey: step.key };
  }
  if (before.text.needsVerification && before.verified === 0) {
    yield { invariant: "I4", message: "the plan is completed, and no verification has passed" };
  }
  yield* checkPartial(event.data.partial, before);
}

/** A plan lacks what its own steps lack; children speak through their list. */
function* checkPartial(partial: boolean, before: Trail): Generator<Finding, void> {
  const lacking = [...before.steps.values()].filter(isLacking);
  const own = lacking.find((step) => step.parent === null);
  if (!partial && own !== undefined) {
    const message = `the plan is completed whole, and the step is ${tell(own)}`;
    yield { invariant: "I4", message, stepKey: own.key };
  }
  if (partial && lacking.length === 0) {
    yield { invariant: "I4", message: "the plan is completed in part, and no step lacks anything" };
  }
}

function isLacking(step: StepTrail): boolean {
  return step.phase === "failed" || (step.phase === "succeeded" && step.isPartial);
}

function tell(step: StepTrail): string {
  return step.phase === "failed" ? "failed" : "partial";
}
