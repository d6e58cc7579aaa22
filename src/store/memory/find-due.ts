import type { Due, DuePage, DueQuery } from "../store.ts";
import type { PlanTables, Tables } from "./tables.ts";

/** What somebody should look at by now: first what takes no slot, then ready work. */
export function findDue(tables: Tables, query: DueQuery): DuePage {
  const plans = [...tables.plansByNo.values()];
  const timers = plans.flatMap(timersOf);
  const messages = messagesOf(tables);
  const lanes = query.timersOnly === true ? [] : plans.flatMap(lanesOf);
  const rest = [...firstDue(timers, query), ...firstDue(messages, query)].toSorted(byTime);
  const ready = lanes
    .filter((entry) => entry.at <= query.now && isServed(entry, query))
    .toSorted((left, right) => right.priority - left.priority || byTime(left, right))
    .slice(0, query.limit);
  const later = [...timers, ...messages, ...lanes]
    .map(({ at }) => at)
    .filter((at) => at > query.now);
  return {
    due: [...rest, ...ready],
    nextAt: later.reduce<number | null>((next, at) => Math.min(next ?? at, at), null),
  };
}

type Ready = Extract<Due, { why: "ready" }>;

function timersOf(plan: PlanTables): Due[] {
  const { tenantId, row } = plan;
  return [...plan.timers.values()].flatMap(({ stepKey, at }) =>
    at === null ? [] : [{ tenantId, planId: row.id, at, why: "timer", stepKey }],
  );
}

function lanesOf(plan: PlanTables): Ready[] {
  const { tenantId, row } = plan;
  return [...plan.lanes.values()].flatMap(({ lane, at, priority }) =>
    at === null ? [] : [{ tenantId, planId: row.id, at, why: "ready", lane, priority }],
  );
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

function firstDue(entries: readonly Due[], { now, limit }: DueQuery): Due[] {
  return entries
    .filter(({ at }) => at <= now)
    .toSorted(byTime)
    .slice(0, limit);
}

function isServed({ lane }: Ready, { pools, capabilities }: DueQuery): boolean {
  return pools.includes(lane.pool) && capabilities.has(lane.capability);
}

function byTime(left: Due, right: Due): number {
  return left.at - right.at;
}
