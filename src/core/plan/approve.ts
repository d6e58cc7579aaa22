import { openRequest } from "../request/open-request.ts";
import type { Refusal } from "../refusal.ts";
import type { Deciding } from "./deciding.ts";
import { planActions, type PlanAction } from "./actions.ts";
import type { ApprovalSource, EventData } from "./event.ts";
import { isEnded, type Plan } from "./plan.ts";

/** Refuses what the plan's state does not allow, and says what it does. */
export function refuseUnless(deciding: Deciding, action: PlanAction): Refusal | null {
  const { plan } = deciding;
  const allowed = planActions(plan);
  if (allowed.includes(action)) return null;
  const message = `the plan is ${stateOf(plan)}: ${action} is not allowed (${wayOut(plan, allowed)})`;
  return { code: "not-allowed", message, allowed };
}

function stateOf({ status, ending, paused }: Plan): string {
  if (isEnded(status)) return status;
  if (ending !== null) return `${status} and ending`;
  return paused ? `${status}, but paused` : status;
}

function wayOut({ status }: Plan, allowed: readonly PlanAction[]): string {
  if (isEnded(status)) return "it never moves again; fork it to execute it again";
  return allowed.length === 0 ? "it ends by itself" : `allowed: ${allowed.join(", ")}`;
}

/** Asks for approval, or approves at once where the policy asks for none and no agent hides behind it. */
export function submitPlan(deciding: Deciding): Refusal | null {
  const refusal = refuseUnless(deciding, "submit");
  if (refusal !== null) return refusal;
  const { plan } = deciding;
  const { digest, inputs } = plan.revision;
  if (plan.graph.policy.approval === "none" && deciding.command.actor.kind !== "agent") {
    deciding.emit("plan.submitted", { digest });
    deciding.emit("plan.approved", { digest, by: "policy" });
    return null;
  }
  const requestId = openRequest(deciding, null, {
    kind: "approval",
    title: `Approve "${plan.name}"?`,
    message: plan.graph.document.objective ?? "",
    reason: "plan-approval",
    form: null,
    options: [],
    subject: { inputs },
    assignees: [],
    quorum: 1,
    due: null,
    onTimeout: "fail",
  });
  deciding.emit("plan.submitted", { digest, requestId });
  return null;
}

/** Approves exactly the text that the digest names. Approving is not starting. */
export function approvePlan(
  deciding: Deciding,
  approval: { readonly digest?: string; readonly by: ApprovalSource; readonly comment?: string },
): Refusal | null {
  const refusal =
    refuseUnless(deciding, "approve") ??
    refuseStale(deciding, approval.digest) ??
    refuseAgent(deciding);
  if (refusal !== null) return refusal;
  const comment = approval.comment === undefined ? {} : { comment: approval.comment };
  const by = approval.by === "person" ? "person" : "policy";
  decideItsRequest(deciding, { answer: { approved: true }, by, ...comment });
  const { digest } = deciding.plan.revision;
  deciding.emit("plan.approved", { digest, by: approval.by, ...comment });
  return null;
}

/** Ends a plan that nobody wants carried out. */
export function rejectPlan(
  deciding: Deciding,
  rejection: { readonly digest?: string; readonly reason: string },
): Refusal | null {
  const refusal =
    refuseUnless(deciding, "reject") ??
    refuseStale(deciding, rejection.digest) ??
    refuseAgent(deciding);
  if (refusal !== null) return refusal;
  const { reason: comment } = rejection;
  decideItsRequest(deciding, { answer: { approved: false }, by: "person", comment });
  const { digest } = deciding.plan.revision;
  deciding.emit("plan.rejected", { digest, reason: rejection.reason });
  return null;
}

/** Begins to carry out an approved plan: everything without needs is let go. */
export function startPlan(deciding: Deciding): Refusal | null {
  const refusal = refuseUnless(deciding, "start");
  if (refusal !== null) return refusal;
  deciding.emit("plan.started", {});
  for (const key of deciding.plan.graph.roots) deciding.opening.push(key);
  return null;
}

function decideItsRequest(
  deciding: Deciding,
  decision: Omit<EventData["request.decided"], "requestId">,
): void {
  const requestId = deciding.plan.approvalRequest;
  if (requestId !== null) deciding.emit("request.decided", { requestId, ...decision });
}

function refuseStale(deciding: Deciding, digest: string | undefined): Refusal | null {
  const current = deciding.plan.revision.digest;
  if (digest === undefined || digest === current) return null;
  return {
    code: "stale-digest",
    message: `the text is not the one that was looked at; it is ${current}`,
    current,
  };
}

function refuseAgent(deciding: Deciding): Refusal | null {
  if (deciding.command.actor.kind !== "agent") return null;
  return { code: "forbidden", message: "an agent cannot decide on a plan" };
}
