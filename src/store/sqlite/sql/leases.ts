import type { WorkerId } from "../../../core/id.ts";
import type { LeaseHolder, LeaseRow } from "../../store.ts";
import type { Driver } from "../driver.ts";

/** Ended leases are kept for a week, to be read; a worker that left attempts behind is kept longer. */
const KEPT_MS = 7 * 24 * 60 * 60 * 1000;

interface Row {
  readonly worker_id: string;
  readonly name: string;
  readonly host: string;
  readonly pid: number;
  readonly boot_id: string | null;
  readonly began_at: number;
  readonly expires_at: number;
  readonly ended_at: number | null;
}

/** How many leases there have ever been. */
export function countLeases(driver: Driver): number {
  const row = driver.find<{ no: number }>("select no from leases order by no desc limit 1");
  return row?.no ?? 0;
}

export function beginLease(driver: Driver, row: LeaseRow): void {
  endPredecessors(driver, row, row.beganAt);
  driver.run(
    `delete from leases where ended_at < ?
     and not exists (select 1 from steps where steps.worker_id = leases.worker_id)`,
    row.beganAt - KEPT_MS,
  );
  driver.run(
    `insert into leases (worker_id, name, host, pid, boot_id, began_at, expires_at, ended_at)
     values (?, ?, ?, ?, ?, ?, ?, null)`,
    row.workerId,
    row.name,
    row.host,
    row.pid,
    row.bootId,
    row.beganAt,
    row.expiresAt,
  );
}

/** Whoever held the name has lost it, and nobody lives from before this start of the machine (S18). */
function endPredecessors(driver: Driver, holder: LeaseHolder, now: number): void {
  driver.run(
    `update leases set ended_at = ? where ended_at is null
     and (name = ? or (host = ? and boot_id is not null and ? is not null and boot_id <> ?))`,
    now,
    holder.name,
    holder.host,
    holder.bootId,
    holder.bootId,
  );
}

/** False where it has been ended. The time to live never gets shorter, whatever the clock does. */
export function renewLease(driver: Driver, workerId: WorkerId, expiresAt: number): boolean {
  const changed = driver.run(
    `update leases set expires_at = max(expires_at, ?) where worker_id = ? and ended_at is null`,
    expiresAt,
    workerId,
  );
  return changed === 1;
}

export function endLease(driver: Driver, workerId: WorkerId, now: number): void {
  driver.run(
    "update leases set ended_at = ? where worker_id = ? and ended_at is null",
    now,
    workerId,
  );
}

/** Ends every lease that is over by a time, and says which. */
export function endExpiredLeases(driver: Driver, over: number, now: number): WorkerId[] {
  const rows = driver.all<{ worker_id: string }>(
    "select worker_id from leases where ended_at is null and expires_at <= ? order by no",
    over,
  );
  for (const row of rows) endLease(driver, row.worker_id, now);
  return rows.map((row) => row.worker_id);
}

export function listLeases(driver: Driver): LeaseRow[] {
  return driver.all<Row>("select * from leases order by no").map((row) => ({
    workerId: row.worker_id,
    name: row.name,
    host: row.host,
    pid: row.pid,
    bootId: row.boot_id,
    beganAt: row.began_at,
    expiresAt: row.expires_at,
    endedAt: row.ended_at,
  }));
}
