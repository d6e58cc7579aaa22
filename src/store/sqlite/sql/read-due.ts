import type { LaneWakeup, TimerWakeup } from "../../../core/wakeup.ts";
import type { Driver } from "../driver.ts";

interface LaneRow {
  readonly pool: string;
  readonly capability: string;
  readonly alone: number;
  readonly at_once: number;
  readonly at: number;
  readonly priority: number;
}

/** The timers of one plan as their rows say. */
export function readDueTimers(driver: Driver, planNo: number): TimerWakeup[] {
  return driver
    .all<{ step_key: string; at: number }>(
      "select step_key, at from due_timers where plan_no = ? order by step_key",
      planNo,
    )
    .map((row) => ({ stepKey: row.step_key === "" ? null : row.step_key, at: row.at }));
}

/** The lanes with ready work of one plan as their rows say. */
export function readDueLanes(driver: Driver, planNo: number): LaneWakeup[] {
  return driver
    .all<LaneRow>(
      `select pool, capability, alone, at_once, at, priority from due_lanes where plan_no = ?
       order by pool, capability, alone`,
      planNo,
    )
    .map((row) => ({
      lane: { pool: row.pool, capability: row.capability, alone: row.alone === 1 },
      atOnce: row.at_once === 1,
      at: row.at,
      priority: row.priority,
    }));
}
