import type { ProgressChunk, ProgressQuery, ProgressRow } from "../../store.ts";
import type { Driver } from "../driver.ts";

/** As much as one answer carries; resume after it. */
const ROWS = 10_000;

interface Row {
  readonly position: number;
  readonly attempt: number;
  readonly stream: string;
  readonly text: string;
  readonly at: number;
}

/** Keeps live output; that of a plan that is not there is dropped. */
export function appendProgress(driver: Driver, tenantNo: number, chunk: ProgressChunk): void {
  driver.run(
    `insert into progress (plan_no, step_key, attempt, stream, text, at)
     select no, ?, ?, ?, ?, ? from plans where tenant_no = ? and id = ?`,
    chunk.stepKey,
    chunk.attempt,
    chunk.stream,
    chunk.text,
    chunk.at,
    tenantNo,
    chunk.planId,
  );
}

/** Live output of one step, in the order in which it came. */
export function readProgress(
  driver: Driver,
  tenantNo: number,
  query: ProgressQuery,
): ProgressRow[] {
  const attempt = query.attempt ?? null;
  return driver
    .all<Row>(
      `select progress.* from plans join progress on progress.plan_no = plans.no
       where plans.tenant_no = ? and plans.id = ? and progress.step_key = ?
         and (? is null or progress.attempt = ?) and progress.position > ?
       order by progress.position limit ?`,
      tenantNo,
      query.planId,
      query.stepKey,
      attempt,
      attempt,
      query.after ?? 0,
      Math.min(query.limit ?? ROWS, ROWS),
    )
    .map((row) => ({
      planId: query.planId,
      stepKey: query.stepKey,
      attempt: row.attempt,
      stream: row.stream as ProgressRow["stream"],
      text: row.text,
      at: row.at,
      position: row.position,
    }));
}
