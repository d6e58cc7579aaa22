import type { PlanId, RequestId } from "../../../core/id.ts";
import type { RequestKind, RequestReason, RequestStatus } from "../../../core/request/request.ts";
import { pageSize, readCursor } from "../../cursor.ts";
import type { RequestRow } from "../../projection.ts";
import type { Page, RequestQuery } from "../../store.ts";
import type { Driver } from "../driver.ts";

interface Row {
  readonly no: number;
  readonly id: string;
  readonly plan_id: string;
  readonly step_key: string | null;
  readonly status: string;
  readonly kind: string;
  readonly title: string;
  readonly reason: string | null;
  readonly assignees: string;
  readonly created_at: number;
  readonly due_at: number | null;
}

/** Requests of one tenant, the oldest first. */
export function listRequests(
  driver: Driver,
  tenantNo: number,
  query: RequestQuery,
): Page<RequestRow> {
  const size = pageSize(query.limit);
  const after = query.cursor === undefined ? 0 : readCursor(query.cursor);
  const rows = findRows(driver, tenantNo, query, after, size + 1);
  const page = rows.slice(0, size);
  const last = page.at(-1);
  return {
    data: page.map(toRequestRow),
    nextCursor: last === undefined || rows.length <= size ? null : String(last.no),
  };
}

function findRows(
  driver: Driver,
  tenantNo: number,
  { status, planId }: RequestQuery,
  after: number,
  count: number,
): Row[] {
  if (planId !== undefined) return ofPlan(driver, tenantNo, { status, planId }, after, count);
  if (status === undefined) {
    return driver.all<Row>(
      `select requests.*, plans.id as plan_id from requests
       join plans on plans.no = requests.plan_no
       where requests.tenant_no = ? and requests.no > ?
       order by requests.no limit ?`,
      tenantNo,
      after,
      count,
    );
  }
  return [...new Set(status)]
    .flatMap((one) =>
      driver.all<Row>(
        `select requests.*, plans.id as plan_id from requests
         join plans on plans.no = requests.plan_no
         where requests.tenant_no = ? and requests.status = ? and requests.no > ?
         order by requests.no limit ?`,
        tenantNo,
        one,
        after,
        count,
      ),
    )
    .toSorted((left, right) => left.no - right.no)
    .slice(0, count);
}

function ofPlan(
  driver: Driver,
  tenantNo: number,
  { status, planId }: { status: readonly RequestStatus[] | undefined; planId: PlanId },
  after: number,
  count: number,
): Row[] {
  return driver.all<Row>(
    `select requests.*, plans.id as plan_id from plans
     join requests on requests.plan_no = plans.no
     where plans.tenant_no = ? and plans.id = ? and requests.no > ?
       and (? is null or requests.status in (select value from json_each(?)))
     order by requests.no limit ?`,
    tenantNo,
    planId,
    after,
    status === undefined ? null : "",
    JSON.stringify(status ?? []),
    count,
  );
}

/** The plan that a request belongs to. */
export function findPlanOfRequest(
  driver: Driver,
  tenantNo: number,
  requestId: RequestId,
): PlanId | null {
  const row = driver.find<{ id: string }>(
    `select plans.id from requests join plans on plans.no = requests.plan_no
     where requests.tenant_no = ? and requests.id = ?`,
    tenantNo,
    requestId,
  );
  return row?.id ?? null;
}

/** Requests of one plan by its short number, for whoever checks them. */
export function readRequests(driver: Driver, planNo: number): RequestRow[] {
  return driver
    .all<Row>(
      `select requests.*, plans.id as plan_id from requests
       join plans on plans.no = requests.plan_no
       where requests.plan_no = ? order by requests.no`,
      planNo,
    )
    .map(toRequestRow);
}

function toRequestRow(row: Row): RequestRow {
  return {
    id: row.id,
    planId: row.plan_id,
    stepKey: row.step_key,
    status: row.status as RequestStatus,
    kind: row.kind as RequestKind,
    title: row.title,
    reason: row.reason as RequestReason | null,
    assignees: JSON.parse(row.assignees) as string[],
    createdAt: row.created_at,
    dueAt: row.due_at,
  };
}
