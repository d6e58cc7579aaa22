import type { PlanId } from "../../../core/id.ts";
import { evolve } from "../../../core/plan/evolve.ts";
import type { Plan, PlanStatus, Revision } from "../../../core/plan/plan.ts";
import { known } from "../../../core/known.ts";
import { laneKey } from "../../../core/step/ready-lanes.ts";
import type { HeldPlan } from "../../held-plan.ts";
import { StoreFault } from "../../store.ts";
import type { Driver } from "../driver.ts";
import { findCheckpoint } from "./checkpoints.ts";
import { foldSoundly } from "./fold-soundly.ts";
import { readDueLanes, readDueTimers } from "./read-due.ts";
import { pageRows, parseEvent } from "./read-events.ts";
import { findRevision } from "./revisions.ts";

/** A plan as its events add up, with what its rows say; null where there is none. */
export function loadPlan(driver: Driver, tenantNo: number, planId: PlanId): HeldPlan | null {
  const row = driver.find<{ no: number; status: string }>(
    "select no, status from plans where tenant_no = ? and id = ?",
    tenantNo,
    planId,
  );
  if (row === undefined) return null;
  const folded = foldSoundly(planId, () => foldLog(driver, row.no));
  if (folded === null) throw new StoreFault("corrupt", `${planId} has a row and no events`);
  return {
    no: row.no,
    ...folded,
    rowStatus: row.status as PlanStatus,
    timers: new Map(
      readDueTimers(driver, row.no).map(({ stepKey, at }) => [stepKey ?? "", at ?? 0]),
    ),
    lanes: new Map(readDueLanes(driver, row.no).map((lane) => [laneKey(lane.lane), lane])),
  };
}

interface Folded {
  readonly plan: Plan;
  readonly hash: string;
  readonly checkpointAt: number;
}

function foldLog(driver: Driver, planNo: number): Folded | null {
  const revisions = (number: number): Revision =>
    known(findRevision(driver, planNo, number), `revision ${number}`);
  const checkpoint = findCheckpoint(driver, planNo, revisions);
  const checkpointAt = checkpoint?.plan.version ?? 0;
  let plan: Plan | null = checkpoint?.plan ?? null;
  let last = checkpoint?.hash ?? "";
  for (const { hash, body } of pageRows(driver, planNo, checkpointAt)) {
    plan = evolve(plan, parseEvent(body), revisions);
    last = hash;
  }
  return plan === null ? null : { plan, hash: last, checkpointAt };
}
