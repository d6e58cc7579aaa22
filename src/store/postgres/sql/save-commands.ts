import type { CommandRecord } from "../../wave.ts";
import type { Transaction } from "../driver.ts";

/**
 * Remembers what was answered to commands on plans that were won, and on plans that are not there.
 * A command that is known by now fails the transaction: it is looked up, and answered as before.
 */
export function saveCommands(
  transaction: Transaction,
  tenantNo: number,
  records: readonly (CommandRecord & { readonly planNo: number | null })[],
  now: number,
): void {
  if (records.length === 0) return;
  const rows = records.toSorted((left, right) => (left.id < right.id ? -1 : 1));
  transaction.send(
    `insert into commands (tenant_no, at, id, digest, plan_no, first_seq, last_seq, revision,
       refusal)
     select $1::bigint, $2::bigint, id, digest, left_no, first_seq, last_seq, revision, refusal
     from (select unnest($3::text[]) as id, unnest($4::text[]) as digest,
       unnest($5::bigint[]) as left_no, unnest($6::bigint[]) as first_seq,
       unnest($7::bigint[]) as last_seq, unnest($8::bigint[]) as revision,
       unnest($9::text[]) as refusal, unnest($10::bigint[]) as plan_no) as given
     where plan_no is null or plan_no = any (
       (select string_to_array(current_setting('app.won'), ','))::bigint[])
     order by id`,
    tenantNo,
    now,
    rows.map(({ id }) => id),
    rows.map(({ digest }) => digest),
    rows.map(({ left }) => left?.planNo ?? null),
    rows.map(({ left }) => left?.first ?? null),
    rows.map(({ left }) => left?.last ?? null),
    rows.map(({ revision }) => revision),
    rows.map(({ refusal }) => (refusal === null ? null : JSON.stringify(refusal))),
    rows.map(({ planNo }) => planNo),
  );
}
