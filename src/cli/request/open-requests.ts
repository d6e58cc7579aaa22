import type { PlanId } from "../../core/id.ts";
import { viewRequest, type RequestView } from "../../core/plan/view.ts";
import type { PlanReader } from "../../engine/plan-reader.ts";

/** What is asked of people now for a plan and its open sub-plans, the oldest first in each. */
export async function openRequests(
  plans: PlanReader,
  planId: PlanId,
): Promise<readonly RequestView[]> {
  const found = await plans.store.read(planId, (plan) => ({
    requests: [...plan.requests.entries()]
      .filter(([, { status }]) => status === "open")
      .map(([, request]) => viewRequest(request)),
    children: [...plan.children.entries()].map(([childId]) => childId),
  }));
  if (found === null) return [];
  const deeper: RequestView[] = [];
  for (const childId of found.children) deeper.push(...(await openRequests(plans, childId)));
  return [...found.requests, ...deeper];
}
