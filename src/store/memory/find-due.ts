import type { TenantId } from "../../core/id.ts";
import { keysOf } from "../../core/shared/keys-of.ts";
import type { Due, DuePage, DueQuery } from "../store.ts";
import { roomOf } from "./limits.ts";
import type { PlanTables, Tables } from "./tables.ts";

/**
 * What somebody should look at by now: first what takes no slot, then ready work, of which tenants
 * have theirs in turn. Messages, and work that may start at once, do not wait for a clock: one that
 * was ahead may have written their times.
 */
export function findDue(tables: Tables, query: DueQuery): DuePage {
  const { now, limit } = query;
  const plans = [...tables.plansByNo.values()];
  const timers = plans.flatMap(timersOf);
  const messages = messagesOf(tables).toSorted(byTime).slice(0, limit);
  const lanes = query.timersOnly === true ? [] : plans.flatMap(lanesOf);
  const fired = timers.filter(({ at }) => at <= now).toSorted(byTime);
  const ready = lanes
    .filter(
      ({ atOnce, entry }) =>
        (atOnce || entry.at <= now) && isServed(entry, query) && hasRoom(tables, entry),
    )
    .map(({ entry }) => entry)
    .toSorted((left, right) => right.priority - left.priority || byTime(left, right));
  const later = [...timers, ...lanes.filter(({ atOnce }) => !atOnce).map(({ entry }) => entry)]
    .map(({ at }) => at)
    .filter((at) => at > now);
  const rest = [...fired.slice(0, limit), ...messages].toSorted(byTime);
  return {
    due: [...rest, ...inTurn(ready).slice(0, limit)],
    nextAt: later.reduce<number | null>((next, at) => Math.min(next ?? at, at), null),
  };
}

type Ready = Extract<Due, { why: "ready" }>;

interface Standing {
  readonly atOnce: boolean;
  readonly entry: Ready;
}

function timersOf(plan: PlanTables): Due[] {
  const { tenantId, row } = plan;
  return [...plan.timers.values()].flatMap(({ stepKey, at }) =>
    at === null ? [] : [{ tenantId, planId: row.id, at, why: "timer", stepKey }],
  );
}

function lanesOf(plan: PlanTables): Standing[] {
  const { tenantId, row } = plan;
  return [...plan.lanes.values()].flatMap(({ lane, atOnce, at, priority }) => {
    if (at === null) return [];
    const entry: Ready = { tenantId, planId: row.id, at, why: "ready", lane, priority };
    return [{ atOnce, entry }];
  });
}

function messagesOf(tables: Tables): Due[] {
  return [...tables.tenants.values()].flatMap(({ tenantId, messages }) =>
    [...messages.values()].map(({ message, at }): Due => ({
      tenantId,
      planId: message.to,
      at,
      why: "message",
      message,
    })),
  );
}

function isServed({ lane }: Ready, { pools, capabilities }: DueQuery): boolean {
  return pools.includes(lane.pool) && capabilities.has(lane.capability);
}

function hasRoom({ limits }: Tables, { tenantId, lane }: Ready): boolean {
  const room = roomOf(limits, tenantId);
  return limits.size === 0 || keysOf(lane).every((key) => room(key) > 0);
}

/** First the first of each tenant's line, then the second of each. */
function inTurn(line: readonly Ready[]): Ready[] {
  const turns = new Map<TenantId, number>();
  return line
    .map((entry) => {
      const turn = turns.get(entry.tenantId) ?? 0;
      turns.set(entry.tenantId, turn + 1);
      return { entry, turn };
    })
    .toSorted((left, right) => left.turn - right.turn)
    .map(({ entry }) => entry);
}

function byTime(left: Due, right: Due): number {
  return left.at - right.at;
}
