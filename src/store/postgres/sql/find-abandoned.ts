import type { AbandonedAttempt, AttemptName } from "../../store.ts";
import type { Driver } from "../driver.ts";
import { findProcesses } from "./attempt-processes.ts";
import { nameAttempts, type RunningStep } from "./name-attempts.ts";

/** Attempts under way whose worker's lease has been ended, with the processes they left behind. */
export async function findAbandoned(
  driver: Driver,
  limit: number,
): Promise<readonly AbandonedAttempt[]> {
  const fleet = driver.as("fleet");
  const steps = await fleet.rows<RunningStep>(
    `select steps.tenant_no, tenants.id as tenant_id, steps.plan_no, steps.step_key, steps.attempt,
       steps.worker_id
     from leases
     join steps on steps.worker_id = leases.worker_id
     join tenants on tenants.no = steps.tenant_no
     where leases.ended_at is not null
     order by steps.plan_no, steps.first_seq
     limit $1`,
    limit,
  );
  if (steps.length === 0) return [];
  const attempts = await nameAttempts(driver, steps);
  const processes = Map.groupBy(await findProcesses(fleet, attempts), keyOf);
  return attempts.map((attempt) => ({
    ...attempt,
    processes: processes.get(keyOf(attempt)) ?? [],
  }));
}

function keyOf({ tenantId, planId, stepKey, attempt }: AttemptName): string {
  return [tenantId, planId, stepKey, attempt].join("\n");
}
