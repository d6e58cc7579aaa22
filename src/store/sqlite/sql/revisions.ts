import type { Revision } from "../../../core/plan/plan.ts";
import type { Driver } from "../driver.ts";

export function saveRevision(driver: Driver, planNo: number, revision: Revision): void {
  driver.run(
    "insert into revisions (plan_no, number, digest, body) values (?, ?, ?, ?)",
    planNo,
    revision.number,
    revision.digest,
    JSON.stringify(revision),
  );
}

/** A text of a plan; null where it has none of that number. */
export function findRevision(driver: Driver, planNo: number, number: number): Revision | null {
  const row = driver.find<{ body: string }>(
    "select body from revisions where plan_no = ? and number = ?",
    planNo,
    number,
  );
  return row === undefined ? null : (JSON.parse(row.body) as Revision);
}
