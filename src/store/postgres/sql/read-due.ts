import type { LaneWakeup, TimerWakeup } from "../../../core/wakeup.ts";
import type { Session } from "../driver.ts";

/** A timer as its row says. */
export interface TimerRow {
  readonly step_key: string;
  readonly at: number;
}

/** A lane with ready work as its row says. */
export interface LaneRow {
  readonly pool: string;
  readonly capability: string;
  readonly alone: boolean;
  readonly at_once: boolean;
  readonly at: number;
  readonly priority: number;
}

/** The timers of one plan as their rows say. */
export async function readDueTimers(
  session: Session,
  planNo: number,
): Promise<readonly TimerWakeup[]> {
  const rows = await session.rows<TimerRow>(
    "select step_key, at from due_timers where plan_no = $1 order by step_key",
    planNo,
  );
  return rows.map(toTimer);
}

/** The lanes with ready work of one plan as their rows say. */
export async function readDueLanes(
  session: Session,
  planNo: number,
): Promise<readonly LaneWakeup[]> {
  const rows = await session.rows<LaneRow>(
    `select pool, capability, alone, at_once, at, priority from due_lanes where plan_no = $1
     order by pool, capability, alone`,
    planNo,
  );
  return rows.map(toLane);
}

export function toTimer({ step_key, at }: TimerRow): TimerWakeup {
  return { stepKey: step_key === "" ? null : step_key, at };
}

export function toLane(row: LaneRow): LaneWakeup {
  return {
    lane: { pool: row.pool, capability: row.capability, alone: row.alone },
    atOnce: row.at_once,
    at: row.at,
    priority: row.priority,
  };
}
