import type { PlanChange } from "../../wave.ts";
import type { Transaction } from "../driver.ts";

/** Keeps the texts that came with a wave. */
export function saveRevisions(
  transaction: Transaction,
  tenantNo: number,
  changes: readonly PlanChange[],
): void {
  const rows = changes.flatMap(({ held, revisions }) =>
    revisions.map((revision) => ({ planNo: held.no, revision })),
  );
  if (rows.length === 0) return;
  transaction.send(
    `insert into revisions (tenant_no, plan_no, number, digest, body)
     select $1::bigint, plan_no, number, digest, body
     from unnest($2::bigint[], $3::bigint[], $4::text[], $5::text[])
       as given (plan_no, number, digest, body)
     where plan_no = any ((select string_to_array(current_setting('app.won'), ','))::bigint[])
     order by plan_no, number`,
    tenantNo,
    rows.map(({ planNo }) => planNo),
    rows.map(({ revision }) => revision.number),
    rows.map(({ revision }) => revision.digest),
    rows.map(({ revision }) => JSON.stringify(revision)),
  );
}
