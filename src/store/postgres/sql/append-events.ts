import type { PlanChange } from "../../wave.ts";
import type { Transaction } from "../driver.ts";

/** Appends the events of plans that were won to the log. */
export function appendEvents(
  transaction: Transaction,
  tenantNo: number,
  changes: readonly PlanChange[],
): void {
  const rows = changes.flatMap(({ held, events }) =>
    events.map(({ event, text, hash }) => ({ planNo: held.no, seq: event.seq, text, hash })),
  );
  transaction.send(
    `insert into events (tenant_no, plan_no, seq, hash, body)
     select $1::bigint, plan_no, seq, hash, body
     from unnest($2::bigint[], $3::bigint[], $4::text[], $5::text[])
       as given (plan_no, seq, hash, body)
     where plan_no = any ((select string_to_array(current_setting('app.won'), ','))::bigint[])
     order by plan_no, seq`,
    tenantNo,
    rows.map(({ planNo }) => planNo),
    rows.map(({ seq }) => seq),
    rows.map(({ hash }) => hash),
    rows.map(({ text }) => text),
  );
}
