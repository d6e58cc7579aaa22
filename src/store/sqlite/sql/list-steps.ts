import type { PlanId } from "../../../core/id.ts";
import type { StepStatus } from "../../../core/step/step.ts";
import type { StepRow } from "../../projection.ts";
import type { Driver } from "../driver.ts";

interface Row {
  readonly step_key: string;
  readonly status: string;
  readonly attempt: number;
  readonly worker_id: string | null;
  readonly since: number;
}

/** Steps of one plan that something has happened to, in the order in which it first did. */
export function listSteps(driver: Driver, planNo: number, planId: PlanId): StepRow[] {
  return driver
    .all<Row>(
      `select step_key, status, attempt, worker_id, since from steps where plan_no = ?
       order by first_seq, step_key`,
      planNo,
    )
    .map((row) => ({
      planId,
      stepKey: row.step_key,
      status: row.status as StepStatus,
      attempt: row.attempt,
      workerId: row.worker_id,
      since: row.since,
    }));
}
