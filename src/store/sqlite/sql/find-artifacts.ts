import type { ArtifactId, PlanId } from "../../../core/id.ts";
import type { ArtifactRow } from "../../store.ts";
import type { Driver } from "../driver.ts";

interface Row {
  readonly id: string;
  readonly plan_id: string;
  readonly step_key: string | null;
  readonly attempt: number | null;
  readonly name: string;
  readonly sha256: string;
  readonly size: number;
  readonly media_type: string;
  readonly published_at: number;
}

export function findArtifact(
  driver: Driver,
  tenantNo: number,
  artifactId: ArtifactId,
): ArtifactRow | null {
  const row = driver.find<Row>(
    `select artifacts.*, plans.id as plan_id from artifacts
     join plans on plans.no = artifacts.plan_no
     where artifacts.tenant_no = ? and artifacts.id = ?`,
    tenantNo,
    artifactId,
  );
  return row === undefined ? null : toArtifactRow(row);
}

/** Artifacts of one plan, in the order of their publishing. */
export function listArtifacts(driver: Driver, tenantNo: number, planId: PlanId): ArtifactRow[] {
  return driver
    .all<Row>(
      `select artifacts.*, plans.id as plan_id from plans
       join artifacts on artifacts.plan_no = plans.no
       where plans.tenant_no = ? and plans.id = ? order by artifacts.no`,
      tenantNo,
      planId,
    )
    .map(toArtifactRow);
}

/** Whether any plan of any tenant publishes an artifact of this content. */
export function isReferenced(driver: Driver, sha256: string): boolean {
  const row = driver.find("select no from artifacts where sha256 = ? order by no limit 1", sha256);
  return row !== undefined;
}

function toArtifactRow(row: Row): ArtifactRow {
  return {
    id: row.id,
    planId: row.plan_id,
    stepKey: row.step_key,
    attempt: row.attempt,
    name: row.name,
    sha256: row.sha256,
    size: row.size,
    mediaType: row.media_type,
    publishedAt: row.published_at,
  };
}
