import type { WorkerId } from "../../../core/id.ts";
import type { AttemptName } from "../../store.ts";
import type { Driver } from "../driver.ts";

interface Row {
  readonly tenant_id: string;
  readonly plan_id: string;
  readonly step_key: string;
  readonly attempt: number;
}

/** Attempts under way that a worker holds. */
export function findUnderWay(driver: Driver, workerId: WorkerId): AttemptName[] {
  return driver
    .all<Row>(
      `select tenants.id as tenant_id, plans.id as plan_id, steps.step_key, steps.attempt
       from steps
       join plans on plans.no = steps.plan_no
       join tenants on tenants.no = plans.tenant_no
       where steps.worker_id = ?
       order by steps.plan_no, steps.first_seq`,
      workerId,
    )
    .map((row) => ({
      tenantId: row.tenant_id,
      planId: row.plan_id,
      stepKey: row.step_key,
      attempt: row.attempt,
    }));
}
