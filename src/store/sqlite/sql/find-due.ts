import type { PlanMessage } from "../../../core/plan/message.ts";
import type { Due, DuePage, DueQuery } from "../../store.ts";
import type { Driver } from "../driver.ts";

/**
 * What somebody should look at by now: first what takes no slot, then ready work, of which tenants
 * have theirs in turn. Messages, and work that may start at once, do not wait for a clock: one that
 * was ahead may have written their times.
 */
export function findDue(driver: Driver, query: DueQuery): DuePage {
  const ready = query.timersOnly === true ? [] : findReady(driver, query);
  const rest = [...findTimers(driver, query), ...findMessages(driver, query.limit)];
  rest.sort((left, right) => left.at - right.at);
  return { due: [...rest, ...ready], nextAt: findNext(driver, query) };
}

interface Subject {
  readonly tenant_id: string;
  readonly plan_id: string;
  readonly at: number;
}

function findTimers(driver: Driver, { now, limit }: DueQuery): Due[] {
  return driver
    .all<Subject & { step_key: string }>(
      `select tenants.id as tenant_id, plans.id as plan_id, due_timers.step_key, due_timers.at
       from due_timers
       join plans on plans.no = due_timers.plan_no
       join tenants on tenants.no = plans.tenant_no
       where due_timers.at <= ?
       order by due_timers.at, due_timers.plan_no, due_timers.step_key
       limit ?`,
      now,
      limit,
    )
    .map((row) => ({
      ...subjectOf(row),
      why: "timer",
      stepKey: row.step_key === "" ? null : row.step_key,
    }));
}

interface MessageRow extends Subject {
  readonly id: string;
  readonly kind: string;
  readonly from_plan_id: string;
  readonly step_key: string;
}

function findMessages(driver: Driver, limit: number): Due[] {
  return driver
    .all<MessageRow>(
      `select tenants.id as tenant_id, due_messages.id, kind, from_plan_id,
         to_plan_id as plan_id, step_key, at
       from due_messages
       join tenants on tenants.no = due_messages.tenant_no
       order by at, due_messages.no
       limit ?`,
      limit,
    )
    .map((row) => ({ ...subjectOf(row), why: "message", message: toMessage(row) }));
}

function toMessage(row: MessageRow): PlanMessage {
  return {
    id: row.id,
    kind: row.kind as PlanMessage["kind"],
    from: row.from_plan_id,
    to: row.plan_id,
    stepKey: row.step_key,
  };
}

interface ReadyRow extends Subject {
  readonly pool: string;
  readonly capability: string;
  readonly alone: number;
  readonly priority: number;
}

function findReady(driver: Driver, { now, limit, pools, capabilities }: DueQuery): Due[] {
  return driver
    .all<ReadyRow>(
      hasManyTenants(driver) ? IN_TURN : IN_LINE,
      now,
      JSON.stringify(pools),
      JSON.stringify([...capabilities]),
      isAnyFull(driver) ? 1 : 0,
      limit,
    )
    .map((row) => ({
      ...subjectOf(row),
      why: "ready",
      lane: { pool: row.pool, capability: row.capability, alone: row.alone === 1 },
      priority: row.priority,
    }));
}

/** Who is limited looks at every lane for what limits it; who is not does not. */
function isAnyFull(driver: Driver): boolean {
  return driver.find("select key from full_limits limit 1") !== undefined;
}

function hasManyTenants(driver: Driver): boolean {
  return driver.all("select no from tenants order by no limit 2").length > 1;
}

/** One tenant's line is a run of the index: 0.06 ms, however long it is. */
const IN_LINE = `
  select tenants.id as tenant_id, plans.id as plan_id, pool, capability, alone, at, priority
  from due_lanes
  join plans on plans.no = due_lanes.plan_no
  join tenants on tenants.no = plans.tenant_no
  where (at_once = 1 or at <= ?)
    and pool in (select value from json_each(?))
    and capability in (select value from json_each(?))
    and (? = 0 or not exists (
      select 1 from full_limits
      where full_limits.tenant_no in (0, plans.tenant_no)
        and key in ('tenant', 'budget:attempts', 'pool:' || pool, 'owner:' || capability)
    ))
  order by priority desc, at, due_lanes.plan_no
  limit ?`;

/** Tenants in turn cost a look at all that waits: 7.5 ms where 10,000 lanes do. */
const IN_TURN = `
  select tenants.id as tenant_id, plan_id, pool, capability, alone, at, priority
  from (
    select plans.tenant_no, plans.id as plan_id, plan_no, pool, capability, alone, at, priority,
      row_number() over (partition by tenant_no order by priority desc, at, plan_no) as turn
    from due_lanes
    join plans on plans.no = due_lanes.plan_no
    where (at_once = 1 or at <= ?)
      and pool in (select value from json_each(?))
      and capability in (select value from json_each(?))
      and (? = 0 or not exists (
        select 1 from full_limits
        where full_limits.tenant_no in (0, plans.tenant_no)
          and key in ('tenant', 'budget:attempts', 'pool:' || pool, 'owner:' || capability)
      ))
  ) as line
  join tenants on tenants.no = line.tenant_no
  order by turn, priority desc, at, plan_no
  limit ?`;

function findNext(driver: Driver, { now, timersOnly }: DueQuery): number | null {
  const timer = driver.find<{ at: number }>(
    "select at from due_timers where at > ? order by at limit 1",
    now,
  );
  const lane = driver.find<{ at: number }>(
    "select at from due_lanes where at_once = 0 and at > ? order by at limit 1",
    now,
  );
  const times = [timer?.at, timersOnly === true ? undefined : lane?.at];
  const next = Math.min(...times.map((at) => at ?? Number.POSITIVE_INFINITY));
  return Number.isFinite(next) ? next : null;
}

function subjectOf(row: Subject): { tenantId: string; planId: string; at: number } {
  return { tenantId: row.tenant_id, planId: row.plan_id, at: row.at };
}
