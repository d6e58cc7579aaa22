import type { AbandonedAttempt } from "../../store.ts";
import type { Driver } from "../driver.ts";
import { findProcesses } from "./attempt-processes.ts";

interface Row {
  readonly tenant_id: string;
  readonly plan_id: string;
  readonly step_key: string;
  readonly attempt: number;
  readonly worker_id: string;
}

/** Attempts under way whose worker's lease has been ended, with the processes they left behind. */
export function findAbandoned(driver: Driver, limit: number): AbandonedAttempt[] {
  return driver
    .all<Row>(
      `select tenants.id as tenant_id, plans.id as plan_id, steps.step_key, steps.attempt,
         steps.worker_id
       from leases
       join steps on steps.worker_id = leases.worker_id
       join plans on plans.no = steps.plan_no
       join tenants on tenants.no = plans.tenant_no
       where leases.ended_at is not null
       order by steps.plan_no, steps.first_seq
       limit ?`,
      limit,
    )
    .map((row) => {
      const attempt = {
        tenantId: row.tenant_id,
        planId: row.plan_id,
        stepKey: row.step_key,
        attempt: row.attempt,
      };
      const processes = findProcesses(driver, attempt);
      return { ...attempt, workerId: row.worker_id, processes };
    });
}
