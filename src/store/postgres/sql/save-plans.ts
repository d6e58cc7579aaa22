import type { PlanChange } from "../../wave.ts";
import type { Transaction } from "../driver.ts";
import { toStorable } from "../storable-text.ts";

/**
 * Makes the rows of new plans, at version 0: who finds one of that name there makes none, and then
 * has not won it.
 */
export function insertPlans(
  transaction: Transaction,
  tenantNo: number,
  changes: readonly PlanChange[],
): void {
  if (changes.length === 0) return;
  const rows = changes
    .map(({ held, projection: { plan } }) => ({ ...plan, no: held.no }))
    .toSorted((left, right) => (left.id < right.id ? -1 : 1));
  transaction.send(
    `insert into plans (no, tenant_no, id, parent_id, created_at, status, name, revision, digest,
       version, partial, step_count, counts, open_requests, updated_at)
     select no, $1::bigint, id, parent_id, created_at, status, '', 0, '', 0, false, 0, '{}', 0,
       created_at
     from unnest($2::bigint[], $3::text[], $4::text[], $5::bigint[], $6::text[])
       as given (no, id, parent_id, created_at, status)
     order by id
     on conflict (tenant_no, id) do nothing`,
    tenantNo,
    rows.map(({ no }) => no),
    rows.map(({ id }) => id),
    rows.map(({ parentPlanId }) => parentPlanId),
    rows.map(({ createdAt }) => createdAt),
    rows.map(({ status }) => status),
  );
}

/** Writes the rows of plans that were won, as they are after the wave. */
export function updatePlans(transaction: Transaction, changes: readonly PlanChange[]): void {
  const rows = changes.map(({ held, projection: { plan } }) => ({ ...plan, no: held.no }));
  transaction.send(
    `update plans set status = given.status, condition = given.condition, name = given.name,
       revision = given.revision, digest = given.digest, version = given.version,
       partial = given.partial, step_count = given.step_count, counts = given.counts,
       open_requests = given.open_requests, started_at = given.started_at,
       ended_at = given.ended_at, updated_at = given.updated_at
     from unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[],
       $7::bigint[], $8::boolean[], $9::bigint[], $10::text[], $11::bigint[], $12::bigint[],
       $13::bigint[], $14::bigint[])
       as given (no, status, condition, name, revision, digest, version, partial, step_count,
         counts, open_requests, started_at, ended_at, updated_at)
     where plans.no = given.no
       and plans.no = any ((select string_to_array(current_setting('app.won'), ','))::bigint[])`,
    rows.map(({ no }) => no),
    rows.map(({ status }) => status),
    rows.map(({ condition }) => condition),
    rows.map(({ name }) => toStorable(name)),
    rows.map(({ revision }) => revision),
    rows.map(({ digest }) => digest),
    rows.map(({ version }) => version),
    rows.map(({ partial }) => partial),
    rows.map(({ stepCount }) => stepCount),
    rows.map(({ counts }) => JSON.stringify(counts)),
    rows.map(({ openRequests }) => openRequests),
    rows.map(({ startedAt }) => startedAt),
    rows.map(({ endedAt }) => endedAt),
    rows.map(({ updatedAt }) => updatedAt),
  );
}
