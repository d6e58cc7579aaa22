import type { PlanMessage } from "../../../core/plan/message.ts";
import type { LaneWakeup, TimerWakeup } from "../../../core/wakeup.ts";
import type { PlanChange, SettledMessage } from "../../wave.ts";
import type { Driver } from "../driver.ts";

/** Writes when somebody must look at a plan again, and what it has to tell others. */
export function saveDue(driver: Driver, tenantNo: number, change: PlanChange): void {
  const { held, timers, lanes, messages, projection } = change;
  for (const timer of timers) saveTimer(driver, held.no, timer);
  for (const lane of lanes) saveLane(driver, held.no, lane);
  for (const message of messages) saveMessage(driver, tenantNo, message, projection.plan.updatedAt);
}

/** A message that has been delivered is due no more. */
export function settleMessage(
  driver: Driver,
  tenantNo: number,
  { messageId }: SettledMessage,
): void {
  driver.run("delete from due_messages where tenant_no = ? and id = ?", tenantNo, messageId);
}

function saveTimer(driver: Driver, planNo: number, { stepKey, at }: TimerWakeup): void {
  const key = stepKey ?? "";
  if (at === null) {
    driver.run("delete from due_timers where plan_no = ? and step_key = ?", planNo, key);
    return;
  }
  driver.run(
    `insert into due_timers (plan_no, step_key, at) values (?, ?, ?)
     on conflict (plan_no, step_key) do update set at = excluded.at`,
    planNo,
    key,
    at,
  );
}

function saveLane(driver: Driver, planNo: number, wakeup: LaneWakeup): void {
  const { lane, at, atOnce, priority } = wakeup;
  const alone = lane.alone ? 1 : 0;
  if (at === null) {
    driver.run(
      "delete from due_lanes where plan_no = ? and pool = ? and capability = ? and alone = ?",
      planNo,
      lane.pool,
      lane.capability,
      alone,
    );
    return;
  }
  driver.run(
    `insert into due_lanes (plan_no, pool, capability, alone, at_once, at, priority)
     values (?, ?, ?, ?, ?, ?, ?)
     on conflict (plan_no, pool, capability, alone)
     do update set at_once = excluded.at_once, at = excluded.at, priority = excluded.priority`,
    planNo,
    lane.pool,
    lane.capability,
    alone,
    atOnce ? 1 : 0,
    at,
    priority,
  );
}

function saveMessage(driver: Driver, tenantNo: number, message: PlanMessage, at: number): void {
  driver.run(
    `insert into due_messages (tenant_no, id, kind, from_plan_id, to_plan_id, step_key, at)
     values (?, ?, ?, ?, ?, ?, ?) on conflict (tenant_no, id) do nothing`,
    tenantNo,
    message.id,
    message.kind,
    message.from,
    message.to,
    message.stepKey,
    at,
  );
}
