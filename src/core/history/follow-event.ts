import { completeLimits } from "../limits.ts";
import { isJsonObject, type Json } from "../json.ts";
import type { EventType, PlanEvent, PlanEventOf } from "../plan/event.ts";
import type { PlanStatus } from "../plan/plan.ts";
import type { RequestStatus } from "../request/request.ts";
import { followStep } from "./follow-step.ts";
import { subjectOf, type Trail } from "./trail.ts";

const STATUS_AFTER: ReadonlyMap<EventType, PlanStatus> = new Map<EventType, PlanStatus>([
  ["plan.created", "draft"],
  ["plan.submitted", "pending-approval"],
  ["plan.approved", "approved"],
  ["plan.rejected", "rejected"],
  ["plan.started", "executing"],
  ["plan.completed", "completed"],
  ["plan.failed", "failed"],
  ["plan.cancelled", "cancelled"],
]);

type Settling = "request.decided" | "request.expired" | "request.closed";

const REQUEST_STATUS_AFTER: Readonly<Record<Settling, RequestStatus>> = {
  "request.decided": "decided",
  "request.expired": "expired",
  "request.closed": "closed",
};

/** Remembers one event, lawful or not; the rules have had their say before. */
export function followEvent(trail: Trail, event: PlanEvent): void {
  trail.seq = event.seq;
  trail.time = event.time;
  trail.tenantId ??= event.tenantId;
  trail.planId ??= event.planId;
  trail.status = STATUS_AFTER.get(event.type) ?? trail.status;
  followPlan(trail, event);
  followRequest(trail, event);
  const step = subjectOf(trail, event);
  if (step !== null) followStep(trail, step, event);
}

function followPlan(trail: Trail, event: PlanEvent): void {
  switch (event.type) {
    case "plan.created":
      trail.limits = completeLimits(event.data.limits);
      break;
    case "plan.submitted":
      trail.approvalRequest = event.data.requestId ?? null;
      break;
    case "plan.paused":
      trail.isPaused = true;
      break;
    case "plan.resumed":
      trail.isPaused = false;
      break;
    case "plan.cancel-requested":
      trail.cancelMode = event.data.mode;
      break;
    case "plan.failing":
      trail.isFailing = true;
      break;
    case "plan.finished":
      trail.finished = event.data.result;
      break;
    case "signal.received":
      trail.signals.set(event.data.name, (trail.signals.get(event.data.name) ?? 0) + 1);
      break;
    default:
  }
}

function followRequest(trail: Trail, event: PlanEvent): void {
  switch (event.type) {
    case "request.created":
      trail.requests.set(event.data.requestId, {
        created: event,
        status: "open",
        isYes: false,
        isConsumed: false,
      });
      trail.openRequests += 1;
      break;
    case "request.decided":
    case "request.expired":
    case "request.closed":
      settle(trail, event);
      break;
    case "approval.consumed":
      consume(trail, event);
      break;
    default:
  }
}

function settle(trail: Trail, event: PlanEventOf<Settling>): void {
  const request = trail.requests.get(event.data.requestId);
  if (request === undefined) return;
  if (request.status === "open") trail.openRequests -= 1;
  request.status = REQUEST_STATUS_AFTER[event.type];
  request.isYes = event.type === "request.decided" && isYes(event.data.answer);
  const step = subjectOf(trail, request.created);
  if (step === null) return;
  const { reason } = request.created.data;
  if (reason === "gate") step.isGateOpen = request.isYes;
  if (reason === "ambiguous-effect" && isAnswered(event)) step.isInDoubt = false;
}

function isYes(answer: Json): boolean {
  return isJsonObject(answer) && answer["approved"] === true;
}

/** A person may also answer by acting on the step, which closes the request. */
function isAnswered(event: PlanEventOf<Settling>): boolean {
  const { kind } = event.actor;
  if (event.type === "request.closed") return kind === "person" || kind === "policy";
  return event.type === "request.decided";
}

function consume(trail: Trail, event: PlanEventOf<"approval.consumed">): void {
  const request = trail.requests.get(event.data.requestId);
  if (request === undefined) return;
  request.isConsumed = true;
  const step = subjectOf(trail, request.created);
  if (step !== null) step.consumed += 1;
}
