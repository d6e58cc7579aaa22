import type { PlanEvent } from "../../core/plan/event.ts";
import type { Decision } from "../../core/plan/decision.ts";
import { StoreFault, type Stores } from "../../store/store.ts";
import { interceptStores } from "../intercept-stores.ts";
import type { SimulatedClock } from "../simulated-clock.ts";

export interface Observer {
  readonly clock: SimulatedClock;
  /** Told of every event once, when it is committed. */
  readonly onEvents: (events: readonly PlanEvent[]) => void;
  /** Told of what no store may throw: we were wrong. */
  readonly onBug: (what: string) => void;
}

/** Watched from right beside the store. */
export function observeStores(stores: Stores, { clock, onEvents, onBug }: Observer): Stores {
  const versions = new Map<string, number>();
  return interceptStores(stores, async (call, run) => {
    const answer = await clock.during(run).catch((error: unknown) => {
      if (!StoreFault.is(error)) onBug(`${call.command?.type ?? call.operation}: ${String(error)}`);
      throw error;
    });
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
