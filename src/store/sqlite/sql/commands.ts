import type { CommandId, TenantId } from "../../../core/id.ts";
import type { Refusal } from "../../../core/refusal.ts";
import type { CommandRecord, EventSpan } from "../../wave.ts";
import type { Driver } from "../driver.ts";

/** How long a command is answered the same (G16). */
const KEPT_MS = 24 * 60 * 60 * 1000;
/** As many again as a wave brings at most, so that what is over gets less with every wave. */
const PRUNED_AT_ONCE = 128;

interface Row {
  readonly digest: string;
  readonly plan_no: number | null;
  readonly first_seq: number | null;
  readonly last_seq: number | null;
  readonly revision: number | null;
  readonly refusal: string | null;
}

/** What was answered to a command. */
export function findCommand(
  driver: Driver,
  tenantNo: number,
  tenantId: TenantId,
  id: CommandId,
): CommandRecord | null {
  const row = driver.find<Row>(
    `select digest, plan_no, first_seq, last_seq, revision, refusal
     from commands where tenant_no = ? and id = ?`,
    tenantNo,
    id,
  );
  if (row === undefined) return null;
  return {
    tenantId,
    id,
    digest: row.digest,
    left: spanOf(row),
    revision: row.revision,
    refusal: row.refusal === null ? null : (JSON.parse(row.refusal) as Refusal),
  };
}

export function saveCommand(
  driver: Driver,
  tenantNo: number,
  record: CommandRecord,
  now: number,
): void {
  driver.run(
    `insert into commands (tenant_no, id, digest, at, plan_no, first_seq, last_seq, revision, refusal)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    tenantNo,
    record.id,
    record.digest,
    now,
    record.left?.planNo ?? null,
    record.left?.first ?? null,
    record.left?.last ?? null,
    record.revision,
    record.refusal === null ? null : JSON.stringify(record.refusal),
  );
}

/** When the oldest answer may go; null where there is none. */
export function nextPrune(driver: Driver): number | null {
  const row = driver.find<{ at: number }>("select at from commands order by no limit 1");
  return row === undefined ? null : row.at + KEPT_MS;
}

/** Forgets the oldest answers that have been kept long enough, a few at a time. */
export function pruneCommands(driver: Driver, now: number): void {
  driver.run(
    `delete from commands where at <= ?
     and no in (select no from commands order by no limit ?)`,
    now - KEPT_MS,
    PRUNED_AT_ONCE,
  );
}

function spanOf(row: Row): EventSpan | null {
  if (row.plan_no === null || row.first_seq === null || row.last_seq === null) return null;
  return { planNo: row.plan_no, first: row.first_seq, last: row.last_seq };
}
