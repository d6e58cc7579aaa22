import type { ProgressChunk, ProgressQuery, ProgressRow } from "../../store.ts";
import type { Session } from "../driver.ts";
import { fromStorable, toStorable } from "../storable-text.ts";

/** As much as one answer carries; resume after it. */
const ROWS = 10_000;

interface Row {
  readonly position: number;
  readonly attempt: number;
  readonly stream: string;
  readonly text: string;
  readonly at: number;
}

/** Keeps live output; that of a plan that is not there is dropped. */
export async function appendProgress(
  session: Session,
  tenantNo: number,
  chunks: readonly ProgressChunk[],
): Promise<void> {
  await session.rows(
    `insert into progress (tenant_no, plan_no, step_key, attempt, stream, text, at)
     select $1::bigint, plans.no, step_key, attempt, stream, text, at
     from unnest($2::text[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::bigint[])
       with ordinality as given (plan_id, step_key, attempt, stream, text, at, place)
     join plans on plans.tenant_no = $1 and plans.id = given.plan_id
     order by place`,
    tenantNo,
    chunks.map(({ planId }) => planId),
    chunks.map(({ stepKey }) => stepKey),
    chunks.map(({ attempt }) => attempt),
    chunks.map(({ stream }) => stream),
    chunks.map(({ text }) => toStorable(text)),
    chunks.map(({ at }) => at),
  );
}

/** Live output of one step, in the order in which it came. */
export async function readProgress(
  session: Session,
  tenantNo: number,
  query: ProgressQuery,
): Promise<readonly ProgressRow[]> {
  const rows = await session.rows<Row>(
    `select position, attempt, stream, text, at
     from plans join progress on progress.plan_no = plans.no
     where plans.tenant_no = $1 and plans.id = $2 and progress.step_key = $3
       and ($4::bigint is null or progress.attempt = $4) and progress.position > $5
     order by progress.position limit $6`,
    tenantNo,
    query.planId,
    query.stepKey,
    query.attempt ?? null,
    query.after ?? 0,
    Math.min(query.limit ?? ROWS, ROWS),
  );
  return rows.map((row) => ({
    planId: query.planId,
    stepKey: query.stepKey,
    attempt: row.attempt,
    stream: row.stream as ProgressRow["stream"],
    text: fromStorable(row.text),
    at: row.at,
    position: row.position,
  }));
}
