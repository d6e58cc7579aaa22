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
       from unnest($2::text[], $3::bigint[]) as given (id, plan_no)
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
     from unnest($3::bigint[], $4::text[], $5::text[], $6::bigint[])
       as given (plan_no, plan_id, step_key, at)
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

function removeTimers(transaction: Transaction, changes: readonly PlanChange[]): void {
  const rows = changes.flatMap(({ held, timers }) =>
    timers
      .filter(({ at }) => at === null)
      .map(({ stepKey }) => ({ planNo: held.no, stepKey: stepKey ?? "" })),
  );
  if (rows.length === 0) return;
  transaction.send(
    `delete from due_timers
     using unnest($1::bigint[], $2::text[]) as given (plan_no, step_key)
     where due_timers.plan_no = given.plan_no and due_timers.step_key = given.step_key
       and given.plan_no = any (
         (select string_to_array(current_setting('app.won'), ','))::bigint[])`,
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
     from unnest($3::bigint[], $4::text[], $5::text[], $6::text[], $7::boolean[], $8::boolean[],
       $9::bigint[], $10::bigint[])
       as given (plan_no, plan_id, pool, capability, alone, at_once, at, priority)
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

function removeLanes(transaction: Transaction, changes: readonly PlanChange[]): void {
  const rows = changes.flatMap(({ held, lanes }) =>
    lanes.filter(({ at }) => at === null).map(({ lane }) => ({ ...lane, planNo: held.no })),
  );
  if (rows.length === 0) return;
  transaction.send(
    `delete from due_lanes
     using unnest($1::bigint[], $2::text[], $3::text[], $4::boolean[])
       as given (plan_no, pool, capability, alone)
     where due_lanes.plan_no = given.plan_no and due_lanes.pool = given.pool
       and due_lanes.capability = given.capability and due_lanes.alone = given.alone
       and given.plan_no = any (
         (select string_to_array(current_setting('app.won'), ','))::bigint[])`,
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
     from unnest($3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
       $9::bigint[])
       as given (plan_no, id, kind, from_plan_id, to_plan_id, step_key, at)
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
