import type { PlanChange } from "../../wave.ts";
import type { Transaction } from "../driver.ts";

/**
 * Appends the events of plans that were won to the log. Whoever waits for a plan may have been given
 * its transaction id before that of whom it waited for: each event bears at least the one that any
 * event before the wave bears in its plans, so that the feed, which goes by them, tells a plan's events
 * in their order (P3). Here as everywhere lists become rows in the select list: in `from` the server
 * makes a table of each, which costs a wave of one step 0.2 of 0.7 ms (bench/RESULTS.md).
 */
export function appendEvents(
  transaction: Transaction,
  tenantNo: number,
  changes: readonly PlanChange[],
): void {
  const rows = changes.flatMap(({ held, events }) =>
    events.map(({ event, text, hash }) => ({ planNo: held.no, seq: event.seq, text, hash })),
  );
  transaction.send(
    `insert into events (tenant_no, plan_no, seq, xid, hash, body)
     select $1::bigint, plan_no, seq, greatest(pg_current_xact_id(), (
         select max((select xid from events
                     where events.plan_no = last.plan_no and events.seq = last.seq))
         from (select unnest($6::bigint[]) as plan_no, unnest($7::bigint[]) as seq) as last
       )), hash, body
     from (select unnest($2::bigint[]) as plan_no, unnest($3::bigint[]) as seq,
       unnest($4::text[]) as hash, unnest($5::text[]) as body) as given
     where plan_no = any ((select string_to_array(current_setting('app.won'), ','))::bigint[])
     order by plan_no, seq`,
    tenantNo,
    rows.map(({ planNo }) => planNo),
    rows.map(({ seq }) => seq),
    rows.map(({ hash }) => hash),
    rows.map(({ text }) => text),
    changes.map(({ held }) => held.no),
    changes.map(({ events }) => (events[0]?.event.seq ?? 1) - 1),
  );
}
