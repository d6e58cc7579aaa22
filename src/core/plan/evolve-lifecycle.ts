import { timeOf } from "../timestamp.ts";
import type { PlanEventOf } from "./event.ts";
import type { Plan } from "./plan.ts";

type LifecycleEvent = PlanEventOf<
  | "plan.submitted"
  | "plan.approved"
  | "plan.rejected"
  | "plan.started"
  | "plan.paused"
  | "plan.resumed"
  | "plan.cancel-requested"
  | "plan.failing"
  | "plan.finished"
  | "plan.completed"
  | "plan.failed"
  | "plan.cancelled"
>;

/** Remembers what happened to the plan as a whole. */
export function evolveLifecycle(plan: Plan, event: LifecycleEvent): Plan {
  switch (event.type) {
    case "plan.submitted":
      return { ...plan, status: "pending-approval", approvalRequest: event.data.requestId ?? null };
    case "plan.approved":
      return { ...plan, status: "approved" };
    case "plan.rejected":
      return { ...plan, status: "rejected", endedAt: timeOf(event.time) };
    case "plan.started":
      return { ...plan, status: "executing", startedAt: timeOf(event.time) };
    case "plan.paused":
      return { ...plan, paused: true };
    case "plan.resumed":
      return { ...plan, paused: false };
    case "plan.cancel-requested":
      return {
        ...plan,
        ending: { kind: "cancel", mode: event.data.mode, reason: event.data.reason ?? null },
      };
    case "plan.failing":
      return { ...plan, ending: { kind: "fail", error: event.data.error } };
    case "plan.finished":
      return {
        ...plan,
        answer: event.data.answer ?? null,
        summary: event.data.summary ?? null,
        ending: { kind: "finish", result: event.data.result },
      };
    case "plan.completed":
      return {
        ...plan,
        status: "completed",
        partial: event.data.partial,
        answer: event.data.answer ?? null,
        endedAt: timeOf(event.time),
      };
    case "plan.failed":
      return { ...plan, status: "failed", error: event.data.error, endedAt: timeOf(event.time) };
    case "plan.cancelled":
      return { ...plan, status: "cancelled", endedAt: timeOf(event.time) };
  }
}
