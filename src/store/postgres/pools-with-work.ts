import type { EventType } from "../../core/plan/event.ts";
import type { Room } from "../../core/shared/room.ts";
import type { PlanChange } from "../wave.ts";

/** Attempts of another process may have been ended by these: it finds out by asking. */
const TAKE_AWAY: ReadonlySet<EventType> = new Set<EventType>([
  "step.cancelled",
  "step.skipped",
  "attempt.lost",
]);

/**
 * Whom a change of a plan may give something to do: pools, or `*` for everybody.
 *
 * @param room what was left of the limits before; Infinity where that was not looked at
 */
export function poolsWithWork(changes: Iterable<PlanChange>, room: Room): ReadonlySet<string> {
  const pools = new Set<string>();
  for (const { lanes, messages, events, takes } of changes) {
    for (const { lane, at } of lanes) if (at !== null) pools.add(lane.pool);
    for (const { key, delta } of takes) {
      const mayHaveBeenFull = room(key) < 1 || room(key) === Infinity;
      if (delta < 0 && mayHaveBeenFull)
        pools.add(key.startsWith(POOL) ? key.slice(POOL.length) : "*");
    }
    if (messages.length > 0 || events.some(takesAway)) pools.add("*");
  }
  return pools;
}

const POOL = "pool:";

function takesAway({ event }: PlanChange["events"][number]): boolean {
  if (event.type === "step.succeeded") return event.data.manual !== undefined;
  return TAKE_AWAY.has(event.type);
}
