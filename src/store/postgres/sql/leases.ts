import type { WorkerId } from "../../../core/id.ts";
import { leaseId } from "../../lease-id.ts";
import type { LeaseHolder, LeaseRow } from "../../store.ts";
import type { Session, Transaction } from "../driver.ts";

/** Ended leases are kept for a week, to be read; a worker that left attempts behind is kept longer. */
const KEPT_MS = 7 * 24 * 60 * 60 * 1000;

/** A time; null: what the clock of the database says when it is its turn, the one clock of a fleet (P9). */
export type LeaseTime = number | null;

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

export interface LeaseBeginning {
  readonly holder: LeaseHolder;
  readonly now: LeaseTime;
  readonly ttlMs: number;
}

/** Begins a life under a new id. For the fleet, as all of this. */
export async function beginLease(
  transaction: Transaction,
  { holder, now, ttlMs }: LeaseBeginning,
  digest: (text: string) => string,
): Promise<WorkerId> {
  // Who comes under the same name at the same moment waits, and is its successor.
  transaction.send("select pg_advisory_xact_lock($1, hashtext($2))", LOCK, holder.name);
  const [row] = await transaction.rows<{ no: number; at: number }>(
    `select nextval('leases_no_seq') as no, coalesce($1::bigint, planwright_clock()) as at`,
    now,
  );
  if (row === undefined) throw new Error("a lease has no number");
  const { no, at } = row;
  const workerId = leaseId(holder, at, no, digest);
  endPredecessors(transaction, holder, at);
  transaction.send(FORGET, at - KEPT_MS);
  transaction.send(
    `insert into leases (no, worker_id, name, host, pid, boot_id, began_at, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    no,
    workerId,
    holder.name,
    holder.host,
    holder.pid,
    holder.bootId,
    at,
    at + ttlMs,
  );
  return workerId;
}

/** `LIFE`: among the advisory locks of one database that are made of two numbers, ours. */
const LOCK = 1_279_870_533;

const FORGET = `
  with forgotten as materialized (
    select no from leases
    where ended_at < $1
      and not exists (select from steps where steps.worker_id = leases.worker_id)
    order by no for update skip locked
  )
  delete from leases using forgotten where leases.no = forgotten.no`;

/** Whoever held the name has lost it, and nobody lives from before this start of the machine (S18). */
function endPredecessors(transaction: Transaction, holder: LeaseHolder, now: number): void {
  transaction.send(
    `with over as materialized (
       select no from leases
       where ended_at is null and (name = $2 or (host = $3 and boot_id <> $4::text))
       order by no for update
     )
     update leases set ended_at = $1 from over where leases.no = over.no`,
    now,
    holder.name,
    holder.host,
    holder.bootId,
  );
}

/** False where it has been ended. The time to live never gets shorter, whatever the clock does. */
export async function renewLease(
  session: Session,
  workerId: WorkerId,
  now: LeaseTime,
  ttlMs: number,
): Promise<boolean> {
  const rows = await session.rows(
    `update leases
     set expires_at = greatest(expires_at, coalesce($2::bigint, planwright_clock()) + $3::bigint)
     where worker_id = $1 and ended_at is null returning no`,
    workerId,
    now,
    ttlMs,
  );
  return rows.length === 1;
}

export async function endLease(
  session: Session,
  workerId: WorkerId,
  now: LeaseTime,
): Promise<void> {
  await session.rows(
    `update leases set ended_at = coalesce($2::bigint, planwright_clock())
     where worker_id = $1 and ended_at is null`,
    workerId,
    now,
  );
}

/**
 * Ends for good every lease that is over by a time, and says which. One that is being renewed at this
 * moment is alive.
 */
export async function endExpiredLeases(
  session: Session,
  over: LeaseTime,
  now: LeaseTime,
): Promise<readonly WorkerId[]> {
  const rows = await session.rows<{ worker_id: string }>(
    `with over as materialized (
       select no from leases
       where ended_at is null and expires_at <= coalesce($1::bigint, planwright_clock())
       order by no for update skip locked
     ), ended as (
       update leases set ended_at = coalesce($2::bigint, planwright_clock())
       from over where leases.no = over.no returning leases.no, worker_id
     )
     select worker_id from ended order by no`,
    over,
    now,
  );
  return rows.map((row) => row.worker_id);
}

/** Everybody is taken to be dead: what they hold was given out by a history that may have been cut. */
export function endAllLeases(transaction: Transaction): void {
  transaction.send("update leases set ended_at = planwright_clock() where ended_at is null");
}

export async function listLeases(session: Session): Promise<readonly LeaseRow[]> {
  const rows = await session.rows<Row>(
    `select worker_id, name, host, pid, boot_id, began_at, expires_at, ended_at
     from leases order by no`,
  );
  return rows.map((row) => ({
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
