import { chownSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { findProcess, isAlive, UNKNOWN_START } from "../../src/executor/command/process-table.ts";
import type { ServerUser } from "./server-user.ts";

/** The process that a server was started by. */
export interface Runner {
  readonly pid: number;
  /** Numbers of processes come again; with the start time they do not. */
  readonly startTicks: string;
}

const PREFIX = "planwright-postgres";
const NAME = new RegExp(`^${PREFIX}-(?<pid>\\d+)-(?<startTicks>\\d+|${UNKNOWN_START})-\\w{6}$`);

/**
 * A new folder, open to the server's user alone. It lies directly in the temporary folder, since
 * that user must be able to go there, and says by its name whose it is.
 */
export function makeServerFolder(user: ServerUser | null): string {
  const startTicks = findProcess(process.pid)?.startTicks ?? UNKNOWN_START;
  const folder = mkdtempSync(join(tmpdir(), `${PREFIX}-${process.pid}-${startTicks}-`));
  if (user !== null) chownSync(folder, user.uid, user.gid);
  return folder;
}

/** Whose server lies in a folder of this name; null where it is none of ours. */
export function findRunner(folderName: string): Runner | null {
  const { pid, startTicks } = NAME.exec(folderName)?.groups ?? {};
  return pid === undefined || startTicks === undefined ? null : { pid: Number(pid), startTicks };
}

export function isRunning({ pid, startTicks }: Runner): boolean {
  if (startTicks === UNKNOWN_START) return canBeSignalled(pid);
  const entry = findProcess(pid);
  return entry !== null && isAlive(entry) && entry.startTicks === startTicks;
}

function canBeSignalled(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return Reflect.get(Object(error), "code") === "EPERM";
  }
}
