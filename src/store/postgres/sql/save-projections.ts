import type { PlanChange } from "../../wave.ts";
import type { Transaction } from "../driver.ts";
import { toStorable } from "../storable-text.ts";

/** Writes the rows of steps, requests and artifacts that a wave changed of plans that were won. */
export function saveProjections(
  transaction: Transaction,
  tenantNo: number,
  changes: readonly PlanChange[],
): void {
  saveSteps(transaction, tenantNo, changes);
  saveRequests(transaction, tenantNo, changes);
  saveArtifacts(transaction, tenantNo, changes);
}

function saveSteps(
  transaction: Transaction,
  tenantNo: number,
  changes: readonly PlanChange[],
): void {
  const rows = changes.flatMap(({ held, projection }) =>
    projection.steps.map(({ row, seq }) => ({ ...row, seq, planNo: held.no })),
  );
  if (rows.length === 0) return;
  transaction.send(
    `insert into steps (tenant_no, plan_no, step_key, first_seq, status, attempt, worker_id, since)
     select $1::bigint, given.*
     from (select unnest($2::bigint[]) as plan_no, unnest($3::text[]) as step_key,
       unnest($4::bigint[]) as first_seq, unnest($5::text[]) as status,
       unnest($6::bigint[]) as attempt, unnest($7::text[]) as worker_id,
       unnest($8::bigint[]) as since) as given
     where plan_no = any ((select string_to_array(current_setting('app.won'), ','))::bigint[])
     on conflict (plan_no, step_key) do update set status = excluded.status,
       attempt = excluded.attempt, worker_id = excluded.worker_id, since = excluded.since`,
    tenantNo,
    rows.map(({ planNo }) => planNo),
    rows.map(({ stepKey }) => stepKey),
    rows.map(({ seq }) => seq),
    rows.map(({ status }) => status),
    rows.map(({ attempt }) => attempt),
    rows.map(({ workerId }) => workerId),
    rows.map(({ since }) => since),
  );
}

function saveRequests(
  transaction: Transaction,
  tenantNo: number,
  changes: readonly PlanChange[],
): void {
  const rows = changes.flatMap(({ held, projection }) =>
    projection.requests.map((row) => ({ ...row, planNo: held.no })),
  );
  if (rows.length === 0) return;
  transaction.send(
    `insert into requests (tenant_no, id, plan_no, step_key, status, kind, title, reason, assignees,
       created_at, due_at)
     select $1::bigint, given.*
     from (select unnest($2::text[]) as id, unnest($3::bigint[]) as plan_no,
       unnest($4::text[]) as step_key, unnest($5::text[]) as status, unnest($6::text[]) as kind,
       unnest($7::text[]) as title, unnest($8::text[]) as reason, unnest($9::text[]) as assignees,
       unnest($10::bigint[]) as created_at, unnest($11::bigint[]) as due_at) as given
     where plan_no = any ((select string_to_array(current_setting('app.won'), ','))::bigint[])
     on conflict (tenant_no, id) do update set status = excluded.status`,
    tenantNo,
    rows.map(({ id }) => id),
    rows.map(({ planNo }) => planNo),
    rows.map(({ stepKey }) => stepKey),
    rows.map(({ status }) => status),
    rows.map(({ kind }) => kind),
    rows.map(({ title }) => toStorable(title)),
    rows.map(({ reason }) => reason),
    rows.map(({ assignees }) => JSON.stringify(assignees)),
    rows.map(({ createdAt }) => createdAt),
    rows.map(({ dueAt }) => dueAt),
  );
}

function saveArtifacts(
  transaction: Transaction,
  tenantNo: number,
  changes: readonly PlanChange[],
): void {
  const rows = changes.flatMap(({ held, projection }) =>
    projection.artifacts.map((row) => ({ ...row, planNo: held.no })),
  );
  if (rows.length === 0) return;
  transaction.send(
    `insert into artifacts (tenant_no, id, plan_no, step_key, attempt, name, sha256, size,
       media_type, published_at)
     select $1::bigint, given.*
     from (select unnest($2::text[]) as id, unnest($3::bigint[]) as plan_no,
       unnest($4::text[]) as step_key, unnest($5::bigint[]) as attempt,
       unnest($6::text[]) as name, unnest($7::text[]) as sha256, unnest($8::bigint[]) as size,
       unnest($9::text[]) as media_type, unnest($10::bigint[]) as published_at) as given
     where plan_no = any ((select string_to_array(current_setting('app.won'), ','))::bigint[])
     on conflict (tenant_no, id) do nothing`,
    tenantNo,
    rows.map(({ id }) => id),
    rows.map(({ planNo }) => planNo),
    rows.map(({ stepKey }) => stepKey),
    rows.map(({ attempt }) => attempt),
    rows.map(({ name }) => toStorable(name)),
    rows.map(({ sha256 }) => sha256),
    rows.map(({ size }) => size),
    rows.map(({ mediaType }) => toStorable(mediaType)),
    rows.map(({ publishedAt }) => publishedAt),
  );
}
