import type { PlanId } from "../../core/id.ts";
import { keysOfGraph } from "../../core/shared/keys-of.ts";
import type { LimitKey } from "../../core/shared/limit-key.ts";
import type { Offer } from "../../core/step/lease.ts";
import type { HeldPlan } from "../held-plan.ts";
import type { Submission } from "../wave.ts";

/** What attempts may take that these commands start: of what their plans name, what is offered for. */
export function keysToTake(
  submissions: readonly Submission[],
  plans: ReadonlyMap<PlanId, HeldPlan | null>,
): ReadonlySet<LimitKey> {
  const keys = new Set<LimitKey>();
  for (const { command } of submissions) {
    if (command.type !== "attempt.lease" && command.type !== "attempt.report") continue;
    if (command.offer === undefined) continue;
    const offered = keysOfOffer(command.offer);
    const held = plans.get(command.planId) ?? null;
    // A plan that is made in the same wave is not known yet.
    const named = held === null ? offered : keysOfGraph(held.plan.graph);
    for (const key of offered) if (named.has(key)) keys.add(key);
  }
  return keys;
}

function keysOfOffer({ pools, capabilities }: Offer): ReadonlySet<LimitKey> {
  return new Set<LimitKey>([
    "budget:attempts",
    "tenant",
    ...pools.map((name): LimitKey => `pool:${name}`),
    ...[...capabilities].map((name): LimitKey => `owner:${name}`),
  ]);
}
