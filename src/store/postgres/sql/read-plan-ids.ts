import type { PlanId } from "../../../core/id.ts";
import type { Driver } from "../driver.ts";

interface Row {
  readonly tenant_no: number;
  readonly plan_no: number;
}

/**
 * What plans are called, by their numbers. The fleet sees numbers of plans; their names, each tenant
 * says for itself.
 */
export async function readPlanIds(
  driver: Driver,
  rows: readonly Row[],
): Promise<ReadonlyMap<number, PlanId>> {
  const byTenant = Map.groupBy(rows, (row) => row.tenant_no);
  const found = await Promise.all(
    [...byTenant].map(([tenantNo, ofTenant]) =>
      driver
        .as({ tenantNo })
        .rows<{ no: number; id: string }>(
          "select no, id from plans where tenant_no = $1 and no = any ($2::bigint[]) order by no",
          tenantNo,
          [...new Set(ofTenant.map((row) => row.plan_no))],
        ),
    ),
  );
  return new Map(found.flat().map(({ no, id }) => [no, id]));
}
