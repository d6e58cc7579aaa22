import type { Driver, Session, Transaction } from "./driver.ts";
import { endAllLeases } from "./sql/leases.ts";

/** Which database this is, and in which epoch of it we are. */
export interface Deployment {
  readonly epoch: number;
  /**
   * What this look found: that it is another database than before, or that its history was cut by a
   * failover or a restore. What was acknowledged shortly before may be lost.
   */
  readonly hasMoved: boolean;
}

/**
 * Looks whether the database is still the one that it was, at a start and whenever connections were
 * lost. If not, a new epoch begins: whoever worked before is taken to be dead, so that no number of
 * an attempt that was lost with the end of the history counts any more (P15).
 */
export async function checkDeployment(driver: Driver): Promise<Deployment> {
  const fleet = driver.as("fleet");
  const identity = await readIdentity(fleet);
  const row = await readRow(fleet, LOOK);
  if (isComplete(row, identity)) return { epoch: row.epoch, hasMoved: false };
  return driver.transaction("fleet", (transaction) => settle(transaction, identity));
}

/** Null: this role may not ask. */
interface Identity {
  readonly system_id: string | null;
  readonly timeline: number | null;
}

interface Row extends Identity {
  readonly epoch: number;
}

/** The timeline is that of the log as it is written: the control file hears of a failover later. */
async function readIdentity(session: Session): Promise<Identity> {
  const [rights] = await session.rows<{ system: boolean; timeline: boolean }>(
    `select has_function_privilege('pg_control_system()', 'execute') as system,
       has_function_privilege('pg_walfile_name(pg_lsn)', 'execute')
         and has_function_privilege('pg_current_wal_insert_lsn()', 'execute') as timeline`,
  );
  const [system] =
    rights?.system === true
      ? await session.rows<{ id: string }>(
          "select system_identifier::text as id from pg_control_system()",
        )
      : [];
  const [log] =
    rights?.timeline === true
      ? await session.rows<{ file: string }>(
          "select pg_walfile_name(pg_current_wal_insert_lsn()) as file",
        )
      : [];
  return {
    system_id: system?.id ?? null,
    timeline: log === undefined ? null : Number.parseInt(log.file.slice(0, 8), 16),
  };
}

const LOOK = "select epoch, system_id, timeline from deployment";
const HOLD = "select epoch, system_id, timeline from deployment for update";

async function readRow(session: Session, sql: typeof LOOK | typeof HOLD): Promise<Row> {
  const [row] = await session.rows<Row>(sql);
  if (row === undefined) throw new Error("the table deployment is empty");
  return row;
}

async function settle(transaction: Transaction, identity: Identity): Promise<Deployment> {
  // Read again while it is held: another process may have settled it.
  const row = await readRow(transaction, HOLD);
  const system_id = identity.system_id ?? row.system_id;
  const timeline = identity.timeline ?? row.timeline;
  const hasMoved = isOther(row.system_id, system_id) || isOther(row.timeline, timeline);
  const epoch = hasMoved ? row.epoch + 1 : row.epoch;
  if (hasMoved) beginEpoch(transaction, epoch);
  transaction.send(
    "update deployment set epoch = $1, system_id = $2, timeline = $3",
    epoch,
    system_id,
    timeline,
  );
  return { epoch, hasMoved };
}

/** Events are numbered anew from the epoch * 2^40; whoever is writing some comes before it. */
function beginEpoch(transaction: Transaction, epoch: number): void {
  transaction.send("lock table events in exclusive mode");
  transaction.send("select setval('events_position_seq', $1::bigint << 40)", epoch);
  endAllLeases(transaction);
}

function isComplete(row: Row, identity: Identity): boolean {
  return isSame(row.system_id, identity.system_id) && isSame(row.timeline, identity.timeline);
}

function isSame<T>(noted: T | null, found: T | null): boolean {
  return found === null || noted === found;
}

function isOther<T>(noted: T | null, found: T | null): boolean {
  return noted !== null && noted !== found;
}
