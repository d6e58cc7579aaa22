import { isJsonObject, type Json } from "../json.ts";
import { known } from "../known.ts";
import { waitingStep } from "../step/step.ts";
import { refusedKey } from "../step/refused-key.ts";
import { stepOf } from "../step/lookup.ts";
import { timeOf } from "../timestamp.ts";
import type { HumanRequest } from "../request/request.ts";
import type { PlanEventOf } from "./event.ts";
import type { Plan } from "./plan.ts";

/** Remembers the list that a `forEach` step works through. */
export function evolveExpansion(plan: Plan, event: PlanEventOf<"step.expanded">): Plan {
  const { items, concurrency } = event.data;
  const expansion = { items, concurrency: concurrency ?? null, released: 0, ended: 0, failed: 0 };
  plan.expansions.set(known(event.stepKey, event.id), expansion);
  const counts = { ...plan.counts, pending: plan.counts.pending + items.length };
  return { ...plan, counts };
}

type RequestEvent = PlanEventOf<
  "request.created" | "request.decided" | "request.expired" | "request.closed" | "approval.consumed"
>;

/** Remembers what happened to one request. */
export function evolveRequest(plan: Plan, event: RequestEvent): Plan {
  if (event.type === "request.created") {
    plan.requests.set(event.data.requestId, createdRequest(plan, event));
    return { ...plan, openRequests: plan.openRequests + 1 };
  }
  const request = known(plan.requests.get(event.data.requestId), event.data.requestId);
  if (event.type === "approval.consumed") {
    const step = stepOf(plan, known(request.stepKey, request.id));
    const approval = { ...known(step.approval, request.id), consumed: true };
    plan.steps.set(step.key, { ...step, approval });
    return plan;
  }
  plan.requests.set(request.id, settled(request, event));
  if (event.type === "request.decided" && isYes(event.data.answer)) keepApproval(plan, request);
  return { ...plan, openRequests: plan.openRequests - 1 };
}

function createdRequest(plan: Plan, event: PlanEventOf<"request.created">): HumanRequest {
  const { data } = event;
  return {
    id: data.requestId,
    planId: plan.id,
    stepKey: event.stepKey ?? null,
    status: "open",
    kind: data.kind,
    title: data.title,
    message: data.message,
    reason: data.reason,
    form: data.form,
    options: data.options,
    subjectDigest: data.subjectDigest,
    assignees: data.assignees,
    quorum: data.quorum,
    createdAt: timeOf(event.time),
    dueAt: data.dueAt === null ? null : timeOf(data.dueAt),
    onTimeout: data.onTimeout,
    decision: null,
  };
}

function settled(
  request: HumanRequest,
  event: PlanEventOf<"request.decided" | "request.expired" | "request.closed">,
): HumanRequest {
  if (event.type === "request.expired") return { ...request, status: "expired" };
  if (event.type === "request.closed") return { ...request, status: "closed" };
  const { answer, comment, by } = event.data;
  const at = timeOf(event.time);
  const decision = { answer, comment: comment ?? null, by, actor: event.actor, at };
  return { ...request, status: "decided", decision };
}

/** An approved gate belongs to its step. */
function keepApproval(
  plan: Plan,
  { id, reason, stepKey, subjectDigest: digest }: HumanRequest,
): void {
  if (reason !== "gate") return;
  const step = waitingStep(stepOf(plan, known(stepKey, id)));
  const approval = { requestId: id, digest, input: step.input, consumed: false };
  plan.steps.set(step.key, { ...step, approval });
}

function isYes(answer: Json): boolean {
  return isJsonObject(answer) && answer["approved"] === true;
}

/** Remembers a signal until a step takes it. */
export function evolveSignal(plan: Plan, event: PlanEventOf<"signal.received">): Plan {
  const { name, payload, key } = event.data;
  if (key !== undefined) plan.signalKeys.set(key, true);
  plan.signals.set(name, [...(plan.signals.get(name) ?? []), payload]);
  return plan;
}

/** Remembers that a late report has been told. */
export function evolveRefused(plan: Plan, event: PlanEventOf<"attempt.refused">): Plan {
  const stepKey = known(event.stepKey, event.id);
  const attempt = known(event.attempt, event.id);
  plan.refused.set(refusedKey(stepKey, attempt, event.data.workerId), true);
  return plan;
}
