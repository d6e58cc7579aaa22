import type { PlanId } from "../../../core/id.ts";
import type { StepStatus } from "../../../core/step/step.ts";
import type { StepRow } from "../../projection.ts";
import type { Session } from "../driver.ts";

interface Row {
  readonly step_key: string;
  readonly status: string;
  readonly attempt: number;
  readonly worker_id: string | null;
  readonly since: number;
}

/** Steps of one plan that something has happened to, in the order in which it first did. */
export async function listSteps(
  session: Session,
  tenantNo: number,
  planId: PlanId,
): Promise<readonly StepRow[]> {
  const rows = await session.rows<Row>(
    `select steps.step_key, steps.status, steps.attempt, steps.worker_id, steps.since
     from plans join steps on steps.plan_no = plans.no
     where plans.tenant_no = $1 and plans.id = $2
     order by steps.first_seq, steps.step_key`,
    tenantNo,
    planId,
  );
  return rows.map((row) => ({
    planId,
    stepKey: row.step_key,
    status: row.status as StepStatus,
    attempt: row.attempt,
    workerId: row.worker_id,
    since: row.since,
  }));
}
