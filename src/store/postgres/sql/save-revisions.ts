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
     from (select unnest($2::bigint[]) as plan_no, unnest($3::bigint[]) as number,
       unnest($4::text[]) as digest, unnest($5::text[]) as body) as given
     where plan_no = any ((select string_to_array(current_setting('app.won'), ','))::bigint[])
     order by plan_no, number`,
    tenantNo,
    rows.map(({ planNo }) => planNo),
    rows.map(({ revision }) => revision.number),
    rows.map(({ revision }) => revision.digest),
    rows.map(({ revision }) => JSON.stringify(revision)),
  );
}
