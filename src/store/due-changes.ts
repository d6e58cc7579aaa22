import { laneKey } from "../core/step/ready-lanes.ts";
import type { LaneWakeup, TimerWakeup, Wakeups } from "../core/wakeup.ts";
import type { HeldPlan } from "./held-plan.ts";

/**
 * What of a plan's wakeups differs from its rows; the holder then knows the rows as they will be.
 * Most commits change no lane and no timer, and then write none.
 */
export function dueChanges(
  held: HeldPlan,
  wakeups: Wakeups,
): { readonly timers: readonly TimerWakeup[]; readonly lanes: readonly LaneWakeup[] } {
  return {
    timers: wakeups.timers.filter((timer) => moveTimer(held.timers, timer)),
    lanes: wakeups.lanes.filter((lane) => moveLane(held.lanes, lane)),
  };
}

function moveTimer(rows: Map<string, number>, { stepKey, at }: TimerWakeup): boolean {
  const key = stepKey ?? "";
  if (rows.get(key) === (at ?? undefined)) return false;
  if (at === null) rows.delete(key);
  else rows.set(key, at);
  return true;
}

function moveLane(rows: Map<string, LaneWakeup>, wakeup: LaneWakeup): boolean {
  const key = laneKey(wakeup.lane);
  const row = rows.get(key);
  if (wakeup.at === null) return rows.delete(key);
  if (row !== undefined && isSameLane(row, wakeup)) return false;
  rows.set(key, wakeup);
  return true;
}

function isSameLane(row: LaneWakeup, { at, atOnce, priority }: LaneWakeup): boolean {
  return row.at === at && row.atOnce === atOnce && row.priority === priority;
}
