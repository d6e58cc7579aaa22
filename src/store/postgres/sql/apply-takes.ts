import type { PlanChange } from "../../wave.ts";
import type { Transaction } from "../driver.ts";
import { ownerOf } from "./limits.ts";

/** Takes and gives back what the attempts of plans that were won have. Last, and in order (P18). */
export function applyTakes(
  transaction: Transaction,
  tenantNo: number,
  changes: readonly PlanChange[],
): void {
  const rows = changes.flatMap(({ held, takes }) =>
    takes.map(({ key, delta }) => ({ planNo: held.no, owner: ownerOf(tenantNo, key), key, delta })),
  );
  if (rows.length === 0) return;
  transaction.send(
    `with held as materialized (
       select limits.tenant_no, limits.key, sum.delta
       from (
         select tenant_no, key, sum(delta)::bigint as delta
         from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bigint[])
           as given (plan_no, tenant_no, key, delta)
         where plan_no = any ((select string_to_array(current_setting('app.won'), ','))::bigint[])
         group by tenant_no, key
       ) as sum
       join limits on limits.tenant_no = sum.tenant_no and limits.key = sum.key
       order by limits.tenant_no, limits.key
       for update of limits
     )
     update limits set used = limits.used + held.delta, changes = limits.changes + 1
     from held where limits.tenant_no = held.tenant_no and limits.key = held.key`,
    rows.map(({ planNo }) => planNo),
    rows.map(({ owner }) => owner),
    rows.map(({ key }) => key),
    rows.map(({ delta }) => delta),
  );
}
