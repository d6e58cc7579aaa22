import type { PlanEvent } from "../../core/plan/event.ts";
import type { Decision } from "../../core/plan/decision.ts";
import type { Stores } from "../../store/store.ts";
import { interceptStores } from "../intercept-stores.ts";
import type { SimulatedClock } from "../simulated-clock.ts";

/** Watched from right beside the store: sees every event once, when it is committed. */
export function observeStores(
  stores: Stores,
  clock: SimulatedClock,
  onEvents: (events: readonly PlanEvent[]) => void,
): Stores {
  const versions = new Map<string, number>();
  return interceptStores(stores, async (call, run) => {
    const answer = await clock.during(run);
    if (call.operation === "commit") {
      const fresh = freshOf(answer as Decision, versions);
      if (fresh.length > 0) onEvents(fresh);
    }
    return answer;
  });
}

/** A command that comes again is answered with the events of its first time. */
function freshOf({ events }: Decision, versions: Map<string, number>): readonly PlanEvent[] {
  const fresh = events.filter(({ planId, seq }) => seq > (versions.get(planId) ?? 0));
  for (const { planId, seq } of fresh) versions.set(planId, seq);
  return fresh;
}
