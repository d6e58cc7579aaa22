import type { PlanId } from "../../../core/id.ts";
import type { Revision } from "../../../core/plan/plan.ts";
import type { Session } from "../driver.ts";

/** A text of a plan by the plan's short number; null where it has none of that number. */
export async function findRevision(
  session: Session,
  planNo: number,
  number: number,
): Promise<Revision | null> {
  const [row] = await session.rows<{ body: string }>(
    "select body from revisions where plan_no = $1 and number = $2",
    planNo,
    number,
  );
  return row === undefined ? null : parseRevision(row.body);
}

/** The same for whoever knows the plan by its id. */
export async function findRevisionOf(
  session: Session,
  tenantNo: number,
  planId: PlanId,
  number: number,
): Promise<Revision | null> {
  const [row] = await session.rows<{ body: string }>(
    `select revisions.body from plans join revisions on revisions.plan_no = plans.no
     where plans.tenant_no = $1 and plans.id = $2 and revisions.number = $3::bigint`,
    tenantNo,
    planId,
    number,
  );
  return row === undefined ? null : parseRevision(row.body);
}

/** All texts of a plan by their numbers, for whoever checks them. */
export async function readRevisions(
  session: Session,
  planNo: number,
): Promise<ReadonlyMap<number, Revision>> {
  const rows = await session.rows<{ body: string }>(
    "select body from revisions where plan_no = $1 order by number",
    planNo,
  );
  return new Map(rows.map(({ body }) => parseRevision(body)).map((text) => [text.number, text]));
}

/** Whoever wrote a text had checked it. */
export function parseRevision(body: string): Revision {
  return JSON.parse(body) as Revision;
}
