import type { EventType, PlanEvent, PlanEventOf } from "../plan/event.ts";
import type { PlanStatus } from "../plan/plan.ts";
import { isOver, type Trail } from "./trail.ts";
import type { Finding } from "./violation.ts";

const UNSTARTED = ["draft", "pending-approval", "approved"] as const;

/** The statuses in which a plan may meet each of its own events. */
const FROM: ReadonlyMap<EventType, readonly PlanStatus[]> = new Map<
  EventType,
  readonly PlanStatus[]
>([
  ["plan.submitted", ["draft"]],
  ["plan.approved", ["draft", "pending-approval"]],
  ["plan.rejected", ["pending-approval"]],
  ["plan.started", ["approved"]],
  ["plan.paused", ["executing"]],
  ["plan.resumed", ["executing"]],
  ["plan.cancel-requested", [...UNSTARTED, "executing"]],
  ["plan.failing", ["executing"]],
  ["plan.finished", ["executing"]],
  ["plan.completed", ["executing"]],
  ["plan.failed", ["executing"]],
  ["plan.cancelled", [...UNSTARTED, "executing"]],
]);

/** What may still be told of a plan that is over. */
const AFTER_THE_END: ReadonlySet<EventType> = new Set<EventType>(["attempt.refused"]);

/** I3 and I4: the plan's own statuses, from its creation to its one end. */
export function* checkPlanMoves(event: PlanEvent, before: Trail): Generator<Finding, void> {
  if ((event.type === "plan.created") !== (before.status === null)) {
    yield { invariant: "I3", message: "a log begins with plan.created, and has it once" };
  }
  if (isOver(before) && !AFTER_THE_END.has(event.type)) {
    yield { invariant: "I3", message: `${event.type} after the plan was ${before.status}` };
    return;
  }
  const from = FROM.get(event.type);
  if (from !== undefined && (before.status === null || !from.includes(before.status))) {
    const message = `${event.type} in a plan that is ${before.status}, not ${from.join(" or ")}`;
    yield { invariant: "I4", message };
  }
  yield* checkCondition(event, before);
}

function* checkCondition(event: PlanEvent, before: Trail): Generator<Finding, void> {
  const fault = faultOf(event, before);
  if (fault !== null) yield { invariant: "I4", message: fault };
}

/** What else must hold besides the status. */
function faultOf(event: PlanEvent, before: Trail): string | null {
  switch (event.type) {
    case "plan.approved":
      return faultOfApproval(event, before);
    case "plan.paused":
      return before.isPaused ? "the plan is paused already" : null;
    case "plan.resumed":
      return before.isPaused ? null : "a plan is resumed that is not paused";
    case "plan.cancel-requested":
      return faultOfCancel(event, before);
    case "plan.failing":
      return faultOfFailing(event, before);
    default:
      return null;
  }
}

/** Only a policy or the parent's approval may speak for a draft that nobody was asked about. */
function faultOfApproval(event: PlanEventOf<"plan.approved">, before: Trail): string | null {
  const { approvalRequest, status } = before;
  if (status === "draft" && event.data.by === "person") return "a person approves an unasked draft";
  if (approvalRequest === null || before.requests.get(approvalRequest)?.isYes === true) return null;
  return `the plan is approved, and the answer to ${approvalRequest} was not yes`;
}

/** Draining may be cut short; nothing goes the other way. */
function faultOfCancel(event: PlanEventOf<"plan.cancel-requested">, before: Trail): string | null {
  if (before.cancelMode === null) return null;
  const isCutShort = before.cancelMode === "drain" && event.data.mode === "stop";
  return isCutShort ? null : `the plan is being cancelled already (${before.cancelMode})`;
}

function faultOfFailing(event: PlanEventOf<"plan.failing">, before: Trail): string | null {
  if (before.cancelMode !== null) return "a plan that is being cancelled is not failing";
  if (before.isFailing) return "the plan is failing already";
  const { stepKey } = event.data;
  if (stepKey === undefined) return null;
  const step = before.steps.get(stepKey);
  const isReason = step !== undefined && step.phase === "failed" && step.text.isRequired;
  return isReason ? null : `the plan fails over ${stepKey}, which is no required step that failed`;
}
