import type { TenantId } from "../../../core/id.ts";
import type { PlanChange, SettledMessage } from "../../wave.ts";
import type { Transaction } from "../driver.ts";

/** Whose plans a wave has changed. */
export interface Owner {
  readonly tenantNo: number;
  readonly tenantId: TenantId;
}

/** Writes when somebody must look at plans again, and what they have to tell others. */
export function saveDue(
  transaction: Transaction,
  owner: Owner,
  changes: readonly PlanChange[],
): void {
  saveTimers(transaction, owner, changes);
  removeTimers(transaction, changes);
  saveLanes(transaction, owner, changes);
  removeLanes(transaction, changes);
  saveMessages(transaction, owner, changes);
}

/** Messages that have been delivered are due no more; where the plan was lost, they still are. */
export function settleMessages(
  transaction: Transaction,
  { tenantNo }: Owner,
  settled: readonly (SettledMessage & { readonly planNo: number | null })[],
): void {
  if (settled.length === 0) return;
  transaction.send(
    `delete from due_messages where no in (
       select due_messages.no
       from (select unnest($2::text[]) as id, unnest($3::bigint[]) as plan_no) as given
       join due_messages on due_messages.tenant_no = $1::bigint and due_messages.id = given.id
       where given.plan_no is null or given.plan_no = any (
         (select string_to_array(current_setting('app.won'), ','))::bigint[])
       order by due_messages.no
       for update of due_messages)`,
    tenantNo,
    settled.map(({ messageId }) => messageId),
    settled.map(({ planNo }) => planNo),
  );
}

function saveTimers(
  transaction: Transaction,
  { tenantNo, tenantId }: Owner,
  changes: readonly PlanChange[],
): void {
  const rows = changes.flatMap(({ held, planId, timers }) =>
    timers
      .filter(({ at }) => at !== null)
      .map(({ stepKey, at }) => ({ planNo: held.no, planId, stepKey: stepKey ?? "", at })),
  );
  if (rows.length === 0) return;
  transaction.send(
    `insert into due_timers (tenant_no, tenant_id, plan_no, plan_id, step_key, at)
     select $1::bigint, $2::text, given.*
     from (select unnest($3::bigint[]) as plan_no, unnest($4::text[]) as plan_id,
       unnest($5::text[]) as step_key, unnest($6::bigint[]) as at) as given
     where plan_no = any ((select string_to_array(current_setting('app.won'), ','))::bigint[])
     on conflict (plan_no, step_key) do update set at = excluded.at`,
    tenantNo,
    tenantId,
    rows.map(({ planNo }) => planNo),
    rows.map(({ planId }) => planId),
    rows.map(({ stepKey }) => stepKey),
    rows.map(({ at }) => at),
  );
}

/** Each is found by its key, and not among all of a tenant's, whatever the server knows of the table. */
function removeTimers(transaction: Transaction, changes: readonly PlanChange[]): void {
  const rows = changes.flatMap(({ held, timers }) =>
    timers
      .filter(({ at }) => at === null)
      .map(({ stepKey }) => ({ planNo: held.no, stepKey: stepKey ?? "" })),
  );
  if (rows.length === 0) return;
  transaction.send(
    `delete from due_timers where ctid = any (array(
       select (select ctid from due_timers
               where plan_no = given.plan_no and step_key = given.step_key)
       from (select unnest($1::bigint[]) as plan_no, unnest($2::text[]) as step_key) as given
       where plan_no = any ((select string_to_array(current_setting('app.won'), ','))::bigint[])))`,
    rows.map(({ planNo }) => planNo),
    rows.map(({ stepKey }) => stepKey),
  );
}

function saveLanes(
  transaction: Transaction,
  { tenantNo, tenantId }: Owner,
  changes: readonly PlanChange[],
): void {
  const rows = changes.flatMap(({ held, planId, lanes }) =>
    lanes
      .filter(({ at }) => at !== null)
      .map(({ lane, ...wakeup }) => ({ ...lane, ...wakeup, planNo: held.no, planId })),
  );
  if (rows.length === 0) return;
  transaction.send(
    `insert into due_lanes (tenant_no, tenant_id, plan_no, plan_id, pool, capability, alone, at_once,
       at, priority)
     select $1::bigint, $2::text, given.*
     from (select unnest($3::bigint[]) as plan_no, unnest($4::text[]) as plan_id,
       unnest($5::text[]) as pool, unnest($6::text[]) as capability,
       unnest($7::boolean[]) as alone, unnest($8::boolean[]) as at_once,
       unnest($9::bigint[]) as at, unnest($10::bigint[]) as priority) as given
     where plan_no = any ((select string_to_array(current_setting('app.won'), ','))::bigint[])
     on conflict (plan_no, pool, capability, alone)
     do update set at_once = excluded.at_once, at = excluded.at, priority = excluded.priority`,
    tenantNo,
    tenantId,
    rows.map(({ planNo }) => planNo),
    rows.map(({ planId }) => planId),
    rows.map(({ pool }) => pool),
    rows.map(({ capability }) => capability),
    rows.map(({ alone }) => alone),
    rows.map(({ atOnce }) => atOnce),
    rows.map(({ at }) => at),
    rows.map(({ priority }) => priority),
  );
}

/** As with timers. */
function removeLanes(transaction: Transaction, changes: readonly PlanChange[]): void {
  const rows = changes.flatMap(({ held, lanes }) =>
    lanes.filter(({ at }) => at === null).map(({ lane }) => ({ ...lane, planNo: held.no })),
  );
  if (rows.length === 0) return;
  transaction.send(
    `delete from due_lanes where ctid = any (array(
       select (select ctid from due_lanes
               where plan_no = given.plan_no and pool = given.pool
                 and capability = given.capability and alone = given.alone)
       from (select unnest($1::bigint[]) as plan_no, unnest($2::text[]) as pool,
         unnest($3::text[]) as capability, unnest($4::boolean[]) as alone) as given
       where plan_no = any ((select string_to_array(current_setting('app.won'), ','))::bigint[])))`,
    rows.map(({ planNo }) => planNo),
    rows.map(({ pool }) => pool),
    rows.map(({ capability }) => capability),
    rows.map(({ alone }) => alone),
  );
}

function saveMessages(
  transaction: Transaction,
  { tenantNo, tenantId }: Owner,
  changes: readonly PlanChange[],
): void {
  const rows = changes.flatMap(({ held, messages, projection }) =>
    messages.map((message) => ({
      ...message,
      planNo: held.no,
      at: projection.plan.updatedAt,
    })),
  );
  if (rows.length === 0) return;
  transaction.send(
    `insert into due_messages (tenant_no, tenant_id, id, kind, from_plan_id, to_plan_id, step_key,
       at)
     select $1::bigint, $2::text, id, kind, from_plan_id, to_plan_id, step_key, at
     from (select unnest($3::bigint[]) as plan_no, unnest($4::text[]) as id,
       unnest($5::text[]) as kind, unnest($6::text[]) as from_plan_id,
       unnest($7::text[]) as to_plan_id, unnest($8::text[]) as step_key,
       unnest($9::bigint[]) as at) as given
     where plan_no = any ((select string_to_array(current_setting('app.won'), ','))::bigint[])
     on conflict (tenant_no, id) do nothing`,
    tenantNo,
    tenantId,
    rows.map(({ planNo }) => planNo),
    rows.map(({ id }) => id),
    rows.map(({ kind }) => kind),
    rows.map(({ from }) => from),
    rows.map(({ to }) => to),
    rows.map(({ stepKey }) => stepKey),
    rows.map(({ at }) => at),
  );
}
