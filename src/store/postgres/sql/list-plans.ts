import type { PlanId, TenantId } from "../../../core/id.ts";
import { PLAN_STATUSES } from "../../../core/plan/plan.ts";
import { pageSize } from "../../cursor.ts";
import type { PlanRow } from "../../projection.ts";
import type { Page, PlanQuery } from "../../store.ts";
import type { Session, Transaction } from "../driver.ts";
import { NUMBER_MAX, readPlace } from "../read-place.ts";
import { toPlanRow, type PlanRecord } from "./plan-row.ts";

/**
 * Plans of one tenant, the newest first: by the time at which they were made, for their numbers are
 * given to processes in blocks.
 */
export async function listPlans(
  session: Session,
  tenantNo: number,
  tenantId: TenantId,
  query: PlanQuery,
): Promise<Page<PlanRow>> {
  const size = pageSize(query.limit);
  const records = await findRecords(session, tenantNo, query, size + 1);
  const page = records.slice(0, size);
  const last = page.at(-1);
  return {
    data: page.map((record) => toPlanRow(record, tenantId)),
    nextCursor:
      last === undefined || records.length <= size ? null : `${last.created_at}.${last.no}`,
  };
}

const NEWEST = [String(NUMBER_MAX), String(NUMBER_MAX)];

function findRecords(
  session: Session,
  tenantNo: number,
  { status = PLAN_STATUSES, parentPlanId, cursor }: PlanQuery,
  count: number,
): Promise<readonly PlanRecord[]> {
  const [at = "", no = ""] =
    cursor === undefined ? NEWEST : readPlace(cursor, [NUMBER_MAX, NUMBER_MAX]);
  return typeof parentPlanId === "string"
    ? session.rows<PlanRecord>(OF_PARENT, tenantNo, status, at, no, count, parentPlanId)
    : session.rows<PlanRecord>(BY_STATUS, tenantNo, status, at, no, count, parentPlanId === null);
}

/** Each status is one run of an index, of which no more is read than a page. */
const BY_STATUS = `
  select plan.no, plan.id, plan.status, condition, name, revision, digest, version, parent_id,
    partial, step_count, counts, open_requests, created_at, started_at, ended_at, updated_at
  from (select distinct status from unnest($2::text[]) as given (status)) as wanted
  cross join lateral (
    select no, id, status, condition, name, revision, digest, version, parent_id, partial,
      step_count, counts, open_requests, created_at, started_at, ended_at, updated_at
    from plans
    where tenant_no = $1 and status = wanted.status
      and (created_at, no) < ($3::bigint, $4::bigint) and (not $6::boolean or parent_id is null)
    order by created_at desc, no desc limit $5::bigint
  ) as plan
  order by created_at desc, no desc limit $5::bigint`;

const OF_PARENT = `
  select no, id, status, condition, name, revision, digest, version, parent_id, partial,
    step_count, counts, open_requests, created_at, started_at, ended_at, updated_at
  from plans
  where tenant_no = $1 and parent_id = $6 and status = any ($2::text[])
    and (created_at, no) < ($3::bigint, $4::bigint)
  order by created_at desc, no desc limit $5::bigint`;

/** The next plan of a tenant by its short number, for whoever goes through all of them. */
export async function nextPlan(
  session: Session,
  tenantNo: number,
  after: number,
): Promise<{ readonly no: number; readonly id: PlanId } | null> {
  const [row] = await session.rows<{ no: number; id: PlanId }>(
    "select no, id from plans where tenant_no = $1 and no > $2 order by no limit 1",
    tenantNo,
    after,
  );
  return row ?? null;
}

/** The row of a plan, which nobody changes until the transaction ends. */
export async function holdPlanRecord(
  transaction: Transaction,
  planNo: number,
): Promise<PlanRecord> {
  const [record] = await transaction.rows<PlanRecord>(
    `select no, id, status, condition, name, revision, digest, version, parent_id, partial,
       step_count, counts, open_requests, created_at, started_at, ended_at, updated_at
     from plans where no = $1 for share`,
    planNo,
  );
  if (record === undefined) throw new Error(`plan ${planNo} has no row`);
  return record;
}
