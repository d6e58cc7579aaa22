import type { WorkerId } from "../../../core/id.ts";
import type { AttemptName } from "../../store.ts";
import type { Driver } from "../driver.ts";

/** A step that runs, as the fleet sees it: by the number of its plan. */
export interface RunningStep {
  readonly tenant_no: number;
  readonly tenant_id: string;
  readonly plan_no: number;
  readonly step_key: string;
  readonly attempt: number;
  readonly worker_id: string;
}

/** Attempts by the ids of their plans, in the same order: what plans are called, each tenant says. */
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

async function readPlanIds(
  driver: Driver,
  steps: readonly RunningStep[],
): Promise<ReadonlyMap<number, string>> {
  const byTenant = Map.groupBy(steps, (step) => step.tenant_no);
  const found = await Promise.all(
    [...byTenant].map(([tenantNo, ofTenant]) =>
      driver
        .as({ tenantNo })
        .rows<{ no: number; id: string }>(
          "select no, id from plans where tenant_no = $1 and no = any ($2::bigint[]) order by no",
          tenantNo,
          [...new Set(ofTenant.map((step) => step.plan_no))],
        ),
    ),
  );
  return new Map(found.flat().map(({ no, id }) => [no, id]));
}
