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
     from (select unnest($2::bigint[]) as no, unnest($3::text[]) as id,
       unnest($4::text[]) as parent_id, unnest($5::bigint[]) as created_at,
       unnest($6::text[]) as status) as given
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

/**
 * Writes the rows of plans that were won, as they are after the wave. They are there, and held: as a
 * conflict each is found by its key. An `update` may go through all of a tenant's instead, while the
 * server has no statistics yet (1.5 ms for 14 plans among 1,600).
 */
export function updatePlans(
  transaction: Transaction,
  tenantNo: number,
  changes: readonly PlanChange[],
): void {
  const rows = changes.map(({ held, projection: { plan } }) => ({ ...plan, no: held.no }));
  transaction.send(
    `insert into plans (tenant_no, no, id, parent_id, created_at, status, condition, name, revision,
       digest, version, partial, step_count, counts, open_requests, started_at, ended_at, updated_at)
     select $1::bigint, given.*
     from (select unnest($2::bigint[]) as no, unnest($3::text[]) as id,
       unnest($4::text[]) as parent_id, unnest($5::bigint[]) as created_at,
       unnest($6::text[]) as status, unnest($7::text[]) as condition, unnest($8::text[]) as name,
       unnest($9::bigint[]) as revision, unnest($10::text[]) as digest,
       unnest($11::bigint[]) as version, unnest($12::boolean[]) as partial,
       unnest($13::bigint[]) as step_count, unnest($14::text[]) as counts,
       unnest($15::bigint[]) as open_requests, unnest($16::bigint[]) as started_at,
       unnest($17::bigint[]) as ended_at, unnest($18::bigint[]) as updated_at) as given
     where no = any ((select string_to_array(current_setting('app.won'), ','))::bigint[])
     on conflict (no) do update set status = excluded.status, condition = excluded.condition,
       name = excluded.name, revision = excluded.revision, digest = excluded.digest,
       version = excluded.version, partial = excluded.partial, step_count = excluded.step_count,
       counts = excluded.counts, open_requests = excluded.open_requests,
       started_at = excluded.started_at, ended_at = excluded.ended_at,
       updated_at = excluded.updated_at`,
    tenantNo,
    rows.map(({ no }) => no),
    rows.map(({ id }) => id),
    rows.map(({ parentPlanId }) => parentPlanId),
    rows.map(({ createdAt }) => createdAt),
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
