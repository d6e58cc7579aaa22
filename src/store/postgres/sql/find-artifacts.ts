import type { ArtifactId, PlanId } from "../../../core/id.ts";
import type { ArtifactRow } from "../../store.ts";
import type { Session } from "../driver.ts";
import { fromStorable } from "../storable-text.ts";

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

export async function findArtifact(
  session: Session,
  tenantNo: number,
  artifactId: ArtifactId,
): Promise<ArtifactRow | null> {
  const [row] = await session.rows<Row>(
    `select artifacts.id, plans.id as plan_id, step_key, attempt, artifacts.name, sha256, size,
       media_type, published_at
     from artifacts join plans on plans.no = artifacts.plan_no
     where artifacts.tenant_no = $1 and artifacts.id = $2`,
    tenantNo,
    artifactId,
  );
  return row === undefined ? null : toArtifactRow(row);
}

/** Artifacts of one plan, in the order of their publishing. */
export async function listArtifacts(
  session: Session,
  tenantNo: number,
  planId: PlanId,
): Promise<readonly ArtifactRow[]> {
  const rows = await session.rows<Row>(
    `select artifacts.id, plans.id as plan_id, step_key, attempt, artifacts.name, sha256, size,
       media_type, published_at
     from plans join artifacts on artifacts.plan_no = plans.no
     where plans.tenant_no = $1 and plans.id = $2 order by artifacts.no`,
    tenantNo,
    planId,
  );
  return rows.map(toArtifactRow);
}

/** Whether any plan of a tenant publishes an artifact of this content. */
export async function isReferenced(
  session: Session,
  tenantNo: number,
  sha256: string,
): Promise<boolean> {
  const rows = await session.rows(
    "select no from artifacts where tenant_no = $1 and sha256 = $2 order by no limit 1",
    tenantNo,
    sha256,
  );
  return rows.length > 0;
}

function toArtifactRow(row: Row): ArtifactRow {
  return {
    id: row.id,
    planId: row.plan_id,
    stepKey: row.step_key,
    attempt: row.attempt,
    name: fromStorable(row.name),
    sha256: row.sha256,
    size: row.size,
    mediaType: fromStorable(row.media_type),
    publishedAt: row.published_at,
  };
}
