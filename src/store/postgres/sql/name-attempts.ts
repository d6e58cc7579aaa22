import type { WorkerId } from "../../../core/id.ts";
import type { AttemptName } from "../../store.ts";
import type { Driver } from "../driver.ts";
import { readPlanIds } from "./read-plan-ids.ts";

/** A step that runs, as the fleet sees it: by the number of its plan. */
export interface RunningStep {
  readonly tenant_no: number;
  readonly tenant_id: string;
  readonly plan_no: number;
  readonly step_key: string;
  readonly attempt: number;
  readonly worker_id: string;
}

/** Attempts by the ids of their plans, in the same order. */
export async function nameAttempts(
  driver: Driver,
  steps: readonly RunningStep[],
): Promise<readonly (AttemptName & { readonly workerId: WorkerId })[]> {
  const planIds = await readPlanIds(driver, steps);
  return steps.flatMap((step) => {
    const planId = planIds.get(step.plan_no);
    if (planId === undefined) return [];
    return [
      {
        tenantId: step.tenant_id,
        planId,
        stepKey: step.step_key,
        attempt: step.attempt,
        workerId: step.worker_id,
      },
    ];
  });
}
