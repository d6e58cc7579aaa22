import type { TenantId } from "../../../core/id.ts";
import { pageSize, readCursor } from "../../cursor.ts";
import type { PlanRow } from "../../projection.ts";
import type { Page, PlanQuery } from "../../store.ts";
import type { Driver } from "../driver.ts";
import { toPlanRow, type PlanRecord } from "./plan-row.ts";

/** Plans of one tenant, the newest first. */
export function listPlans(
  driver: Driver,
  tenantNo: number,
  tenantId: TenantId,
  query: PlanQuery,
): Page<PlanRow> {
  const size = pageSize(query.limit);
  const before = query.cursor === undefined ? Number.MAX_SAFE_INTEGER : readCursor(query.cursor);
  const records = findRecords(driver, tenantNo, query, before, size + 1);
  const page = records.slice(0, size);
  const last = page.at(-1);
  return {
    data: page.map((record) => toPlanRow(record, tenantId)),
    nextCursor: last === undefined || records.length <= size ? null : String(last.no),
  };
}

/** By status each status is one run of an index; they are merged here, so that none is sorted. */
function findRecords(
  driver: Driver,
  tenantNo: number,
  { status, parentPlanId }: PlanQuery,
  before: number,
  count: number,
): PlanRecord[] {
  if (status === undefined) return findAny(driver, tenantNo, parentPlanId, before, count);
  return [...new Set(status)]
    .flatMap((one) =>
      driver.all<PlanRecord>(
        `select * from plans where tenant_no = ? and status = ? and no < ?
           and (? = 0 or parent_id is ?)
         order by no desc limit ?`,
        tenantNo,
        one,
        before,
        parentPlanId === undefined ? 0 : 1,
        parentPlanId ?? null,
        count,
      ),
    )
    .toSorted((left, right) => right.no - left.no)
    .slice(0, count);
}

function findAny(
  driver: Driver,
  tenantNo: number,
  parentPlanId: string | null | undefined,
  before: number,
  count: number,
): PlanRecord[] {
  if (parentPlanId === undefined) {
    return driver.all<PlanRecord>(
      "select * from plans where tenant_no = ? and no < ? order by no desc limit ?",
      tenantNo,
      before,
      count,
    );
  }
  return driver.all<PlanRecord>(
    `select * from plans where tenant_no = ? and parent_id is ? and no < ?
     order by no desc limit ?`,
    tenantNo,
    parentPlanId,
    before,
    count,
  );
}

/** One plan's row, with its short number; null where there is none. */
export function findPlanRecord(
  driver: Driver,
  tenantNo: number,
  planId: string,
): PlanRecord | null {
  const record = driver.find<PlanRecord>(
    "select * from plans where tenant_no = ? and id = ?",
    tenantNo,
    planId,
  );
  return record ?? null;
}

/** The short number of the plan made last; 0 where there is none. */
export function lastPlanNo(driver: Driver): number {
  return driver.find<{ no: number }>("select no from plans order by no desc limit 1")?.no ?? 0;
}
