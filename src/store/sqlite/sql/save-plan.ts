import type { HeldPlan } from "../../held-plan.ts";
import type { PlanRow } from "../../projection.ts";
import type { Driver } from "../driver.ts";

/**
 * Writes the row of a plan. A status that stays is left out: naming it would write its index anew
 * with every commit.
 */
export function savePlan(driver: Driver, tenantNo: number, held: HeldPlan, row: PlanRow): void {
  if (held.rowStatus === null) insertPlan(driver, tenantNo, held.no, row);
  else updatePlan(driver, held.no, row);
  if (held.rowStatus !== null && held.rowStatus !== row.status) {
    driver.run("update plans set status = ? where no = ?", row.status, held.no);
  }
  held.rowStatus = row.status;
}

function insertPlan(driver: Driver, tenantNo: number, planNo: number, row: PlanRow): void {
  driver.run(
    `insert into plans (no, tenant_no, id, parent_id, created_at, status, name, revision, digest,
       condition, version, partial, step_count, counts, open_requests, started_at, ended_at,
       updated_at)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    planNo,
    tenantNo,
    row.id,
    row.parentPlanId,
    row.createdAt,
    row.status,
    row.name,
    row.revision,
    row.digest,
    row.condition,
    row.version,
    row.partial ? 1 : 0,
    row.stepCount,
    JSON.stringify(row.counts),
    row.openRequests,
    row.startedAt,
    row.endedAt,
    row.updatedAt,
  );
}

function updatePlan(driver: Driver, planNo: number, row: PlanRow): void {
  driver.run(
    `update plans set name = ?, revision = ?, digest = ?, condition = ?, version = ?, partial = ?,
       step_count = ?, counts = ?, open_requests = ?, started_at = ?, ended_at = ?, updated_at = ?
     where no = ?`,
    row.name,
    row.revision,
    row.digest,
    row.condition,
    row.version,
    row.partial ? 1 : 0,
    row.stepCount,
    JSON.stringify(row.counts),
    row.openRequests,
    row.startedAt,
    row.endedAt,
    row.updatedAt,
    planNo,
  );
}
