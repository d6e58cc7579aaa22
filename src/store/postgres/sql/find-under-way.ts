import type { WorkerId } from "../../../core/id.ts";
import type { AttemptName } from "../../store.ts";
import type { Driver } from "../driver.ts";
import { nameAttempts, type RunningStep } from "./name-attempts.ts";

/** Attempts under way that a worker holds. */
export async function findUnderWay(
  driver: Driver,
  workerId: WorkerId,
): Promise<readonly AttemptName[]> {
  const steps = await driver.as("fleet").rows<RunningStep>(
    `select steps.tenant_no, tenants.id as tenant_id, steps.plan_no, steps.step_key, steps.attempt,
       steps.worker_id
     from steps join tenants on tenants.no = steps.tenant_no
     where steps.worker_id = $1
     order by steps.plan_no, steps.first_seq`,
    workerId,
  );
  const attempts = steps.length === 0 ? [] : await nameAttempts(driver, steps);
  return attempts.map(({ tenantId, planId, stepKey, attempt }) => ({
    tenantId,
    planId,
    stepKey,
    attempt,
  }));
}
