import type { RequestRow, TouchedStep } from "../../projection.ts";
import type { ArtifactRow } from "../../store.ts";
import type { PlanChange } from "../../wave.ts";
import type { Driver } from "../driver.ts";
import { savePlan } from "./save-plan.ts";

/** Writes the rows that a wave changed of one plan, besides its events and what is due. */
export function saveProjections(driver: Driver, tenantNo: number, change: PlanChange): void {
  const { held, projection } = change;
  savePlan(driver, tenantNo, held, projection.plan);
  for (const step of projection.steps) saveStep(driver, held.no, step);
  for (const row of projection.requests) saveRequest(driver, tenantNo, held.no, row);
  for (const row of projection.artifacts) saveArtifact(driver, tenantNo, held.no, row);
}

function saveStep(driver: Driver, planNo: number, { row, seq }: TouchedStep): void {
  driver.run(
    `insert into steps (plan_no, step_key, first_seq, status, attempt, worker_id, since)
     values (?, ?, ?, ?, ?, ?, ?)
     on conflict (plan_no, step_key) do update set status = excluded.status,
       attempt = excluded.attempt, worker_id = excluded.worker_id, since = excluded.since`,
    planNo,
    row.stepKey,
    seq,
    row.status,
    row.attempt,
    row.workerId,
    row.since,
  );
}

function saveRequest(driver: Driver, tenantNo: number, planNo: number, row: RequestRow): void {
  driver.run(
    `insert into requests (tenant_no, id, plan_no, step_key, status, kind, title, reason, assignees,
       created_at, due_at)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     on conflict (tenant_no, id) do update set status = excluded.status`,
    tenantNo,
    row.id,
    planNo,
    row.stepKey,
    row.status,
    row.kind,
    row.title,
    row.reason,
    JSON.stringify(row.assignees),
    row.createdAt,
    row.dueAt,
  );
}

function saveArtifact(driver: Driver, tenantNo: number, planNo: number, row: ArtifactRow): void {
  driver.run(
    `insert into artifacts (tenant_no, id, plan_no, step_key, attempt, name, sha256, size,
       media_type, published_at)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     on conflict (tenant_no, id) do nothing`,
    tenantNo,
    row.id,
    planNo,
    row.stepKey,
    row.attempt,
    row.name,
    row.sha256,
    row.size,
    row.mediaType,
    row.publishedAt,
  );
}
