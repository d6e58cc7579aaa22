import type { TenantId } from "../../../core/id.ts";
import type { PlanCondition, PlanStatus, StepCounts } from "../../../core/plan/plan.ts";
import type { PlanRow } from "../../projection.ts";
import { fromStorable } from "../storable-text.ts";

/** A row of `plans`. */
export interface PlanRecord {
  readonly no: number;
  readonly id: string;
  readonly status: string;
  readonly condition: string | null;
  readonly name: string;
  readonly revision: number;
  readonly digest: string;
  readonly version: number;
  readonly parent_id: string | null;
  readonly partial: boolean;
  readonly step_count: number;
  readonly counts: string;
  readonly open_requests: number;
  readonly created_at: number;
  readonly started_at: number | null;
  readonly ended_at: number | null;
  readonly updated_at: number;
}

/** A row as the contract shows it. */
export function toPlanRow(record: PlanRecord, tenantId: TenantId): PlanRow {
  return {
    id: record.id,
    tenantId,
    status: record.status as PlanStatus,
    condition: record.condition as PlanCondition | null,
    name: fromStorable(record.name),
    revision: record.revision,
    digest: record.digest,
    version: record.version,
    parentPlanId: record.parent_id,
    partial: record.partial,
    stepCount: record.step_count,
    counts: JSON.parse(record.counts) as StepCounts,
    openRequests: record.open_requests,
    createdAt: record.created_at,
    startedAt: record.started_at,
    endedAt: record.ended_at,
    updatedAt: record.updated_at,
  };
}
