import type { PlanId, RequestId } from "../../../core/id.ts";
import type { RequestKind, RequestReason, RequestStatus } from "../../../core/request/request.ts";
import { pageSize, readCursor } from "../../cursor.ts";
import type { RequestRow } from "../../projection.ts";
import type { Page, RequestQuery } from "../../store.ts";
import type { Session } from "../driver.ts";
import { fromStorable } from "../storable-text.ts";

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
export async function listRequests(
  session: Session,
  tenantNo: number,
  query: RequestQuery,
): Promise<Page<RequestRow>> {
  const size = pageSize(query.limit);
  const after = query.cursor === undefined ? 0 : readCursor(query.cursor);
  const rows = await findRows(session, tenantNo, query, after, size + 1);
  const page = rows.slice(0, size);
  const last = page.at(-1);
  return {
    data: page.map(toRequestRow),
    nextCursor: last === undefined || rows.length <= size ? null : String(last.no),
  };
}

function findRows(
  session: Session,
  tenantNo: number,
  { status, planId }: RequestQuery,
  after: number,
  count: number,
): Promise<readonly Row[]> {
  if (planId !== undefined) {
    return session.rows<Row>(OF_PLAN, tenantNo, planId, status ?? null, after, count);
  }
  if (status === undefined) return session.rows<Row>(ANY, tenantNo, after, count);
  return session.rows<Row>(BY_STATUS, tenantNo, status, after, count);
}

const OF_PLAN = `
  select request.no, request.id, plans.id as plan_id, step_key, request.status, kind, title, reason,
    assignees, request.created_at, due_at
  from plans join requests as request on request.plan_no = plans.no
  where plans.tenant_no = $1 and plans.id = $2 and request.no > $4
    and ($3::text[] is null or request.status = any ($3::text[]))
  order by request.no limit $5`;

const ANY = `
  select request.no, request.id, plans.id as plan_id, step_key, request.status, kind, title, reason,
    assignees, request.created_at, due_at
  from (
    select no, id, plan_no, step_key, status, kind, title, reason, assignees, created_at, due_at
    from requests where tenant_no = $1 and no > $2 order by no limit $3
  ) as request
  join plans on plans.no = request.plan_no
  order by request.no`;

/** Each status is one run of an index, of which no more is read than a page. */
const BY_STATUS = `
  select request.no, request.id, plans.id as plan_id, step_key, request.status, kind, title, reason,
    assignees, request.created_at, due_at
  from (select distinct status from unnest($2::text[]) as given (status)) as wanted
  cross join lateral (
    select no, id, plan_no, step_key, status, kind, title, reason, assignees, created_at, due_at
    from requests where tenant_no = $1 and status = wanted.status and no > $3
    order by no limit $4
  ) as request
  join plans on plans.no = request.plan_no
  order by request.no limit $4`;

/** The plan that a request belongs to. */
export async function findPlanOfRequest(
  session: Session,
  tenantNo: number,
  requestId: RequestId,
): Promise<PlanId | null> {
  const [row] = await session.rows<{ id: string }>(
    `select plans.id from requests join plans on plans.no = requests.plan_no
     where requests.tenant_no = $1 and requests.id = $2`,
    tenantNo,
    requestId,
  );
  return row?.id ?? null;
}

/** Requests of one plan, all of them, for whoever checks them. */
export async function readRequests(
  session: Session,
  tenantNo: number,
  planId: PlanId,
): Promise<readonly RequestRow[]> {
  const rows = await session.rows<Row>(OF_PLAN, tenantNo, planId, null, 0, null);
  return rows.map(toRequestRow);
}

function toRequestRow(row: Row): RequestRow {
  return {
    id: row.id,
    planId: row.plan_id,
    stepKey: row.step_key,
    status: row.status as RequestStatus,
    kind: row.kind as RequestKind,
    title: fromStorable(row.title),
    reason: row.reason as RequestReason | null,
    assignees: JSON.parse(row.assignees) as string[],
    createdAt: row.created_at,
    dueAt: row.due_at,
  };
}
