import { existsSync, lstatSync, readdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { until } from "../torture/process/until.ts";
import { findRunner, isRunning } from "./server-folder.ts";
import { findServerStatus, isServerOf } from "./server-process.ts";
import { findServerUser } from "./server-user.ts";

const PATIENCE_MS = 10_000;

/**
 * Ends the servers of runs that were killed, and removes their folders; says which. Nothing is
 * ended that is not, by its command line, the server in such a folder.
 */
export async function reapServers(): Promise<readonly string[]> {
  const orphans = readdirSync(tmpdir())
    .filter((name) => {
      const runner = findRunner(name);
      return runner !== null && !isRunning(runner);
    })
    .map((name) => join(tmpdir(), name))
    .filter(isOurs);
  const reaped: string[] = [];
  for (const folder of orphans) {
    if (!(await endServerIn(folder))) continue;
    await rm(folder, { recursive: true, force: true });
    reaped.push(folder);
  }
  return reaped;
}

/** Anybody can make a folder of such a name: ours belong to us, or to the user of root's servers. */
function isOurs(folder: string): boolean {
  const own = process.getuid?.();
  const entry = lstatSync(folder, { throwIfNoEntry: false });
  if (entry === undefined || !entry.isDirectory()) return false;
  return entry.uid === own || (own === 0 && entry.uid === findServerUser()?.uid);
}

/** False where it cannot be known whether a server still lives there. */
async function endServerIn(folder: string): Promise<boolean> {
  const pid = findServerStatus(folder)?.pid;
  if (pid === undefined) return true;
  if (!existsSync("/proc/self/cmdline")) return false;
  const isGone = () => !isServerOf(pid, folder) || null;
  if (isGone() === true) return true;
  signal(pid, "SIGQUIT");
  try {
    await until(`the end of the orphaned server ${pid}`, PATIENCE_MS, isGone);
  } catch {
    signal(pid, "SIGKILL");
    await until(`the end of the killed server ${pid}`, PATIENCE_MS, isGone);
  }
  return true;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // Another run has reaped it meanwhile.
  }
}
