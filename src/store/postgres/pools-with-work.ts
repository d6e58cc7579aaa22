import type { EventType } from "../../core/plan/event.ts";
import type { PlanChange } from "../wave.ts";

/** Attempts of another process may have been ended by these: it finds out by asking. */
const TAKE_AWAY: ReadonlySet<EventType> = new Set<EventType>([
  "step.cancelled",
  "step.skipped",
  "attempt.lost",
]);

/** Whom a change of a plan may give something to do: pools, or `*` for everybody. */
export function poolsWithWork(changes: Iterable<PlanChange>): ReadonlySet<string> {
  const pools = new Set<string>();
  for (const { lanes, messages, events } of changes) {
    for (const { lane, at } of lanes) if (at !== null) pools.add(lane.pool);
    if (messages.length > 0 || events.some(takesAway)) pools.add("*");
  }
  return pools;
}

function takesAway({ event }: PlanChange["events"][number]): boolean {
  if (event.type === "step.succeeded") return event.data.manual !== undefined;
  return TAKE_AWAY.has(event.type);
}
