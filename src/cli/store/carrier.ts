import { hostname } from "node:os";
import process from "node:process";
import { formatTimestamp } from "../../core/timestamp.ts";
import { readOwner, type Owner } from "../../store/sqlite/file/owner-lock.ts";
import { findStorePaths } from "../../store/sqlite/file/store-folder.ts";
import type { LeaseRow, StoresReader } from "../../store/store.ts";
import { visible } from "../screen/visible.ts";

/** Who carries out the plans of a store now. */
export interface Carrier {
  /** Its command, where it owns the store; else what the worker is called. */
  readonly name: string;
  readonly host: string;
  readonly pid: number;
  readonly since: string;
}

/** The owner of a file; null where there is none, or it is gone. */
export function findLivingOwner(path: string): Owner | null {
  const owner = readOwner(findStorePaths(path));
  return owner !== null && isAlive(owner) ? owner : null;
}

/** Whoever holds a lease that lasts. */
export async function findWorkers(stores: StoresReader): Promise<readonly Carrier[]> {
  const now = stores.clock.now();
  const living = (await stores.leases()).filter((lease) => isLiving(lease, now));
  return living.map(({ name, host, pid, beganAt }) => ({
    name,
    host,
    pid,
    since: formatTimestamp(beganAt),
  }));
}

/** Whether a lease has neither been ended nor run out. */
export function isLiving({ endedAt, expiresAt }: LeaseRow, now: number): boolean {
  return endedAt === null && expiresAt > now;
}

const NAMED = 3;

/** Who carries out plans, in a line; null where nobody does. */
export function carriersLine(carriers: readonly Carrier[]): string | null {
  const named = carriers.slice(0, NAMED).map(({ name, pid }) => `${pid} (${visible(name)})`);
  const [first] = named;
  if (first === undefined) return null;
  if (carriers.length === 1) return `carried out by process ${first}`;
  const more = carriers.length > NAMED ? ` and ${carriers.length - NAMED} more` : "";
  return `carried out by ${carriers.length} workers: processes ${named.join(", ")}${more}`;
}

/** Good enough to be told to people; who really owns a store, its lock says. */
function isAlive({ host, pid }: Owner): boolean {
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && Reflect.get(error, "code") === "EPERM";
  }
}
