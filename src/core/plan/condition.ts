import { lacksVerification } from "./conclude.ts";
import { openSteps } from "./counts.ts";
import type { Plan, PlanCondition } from "./plan.ts";

/** What an executing plan is doing; null for one that is not executing. */
export function conditionOf(plan: Plan): PlanCondition | null {
  if (plan.status !== "executing") return null;
  if (plan.ending !== null) return plan.ending.kind === "cancel" ? "cancelling" : "failing";
  if (plan.paused) return "paused";
  if (plan.running.size > 0) return "running";
  if (openSteps(plan.counts) === 0) return lacksVerification(plan) ? "blocked" : "running";
  if (plan.graph.policy.onRequest === "pause" && plan.openRequests > 0) return "waiting";
  if (plan.counts.ready > 0 && !onlyLater(plan)) return "running";
  return "waiting";
}

/** Whether every ready step waits for a time. */
function onlyLater(plan: Plan): boolean {
  return plan.lanes.states().every((state) => state.ready === 0);
}
