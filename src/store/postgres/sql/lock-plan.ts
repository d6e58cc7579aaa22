import type { PlanId } from "../../../core/id.ts";
import type { Transaction } from "../driver.ts";

/** Holds the row of a plan until the transaction ends; gives its number, or null where there is none. */
export async function lockPlan(
  transaction: Transaction,
  tenantNo: number,
  planId: PlanId,
): Promise<number | null> {
  const [row] = await transaction.rows<{ no: number }>(
    "select no from plans where tenant_no = $1 and id = $2 for update",
    tenantNo,
    planId,
  );
  return row?.no ?? null;
}
