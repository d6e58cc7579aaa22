import { mkdir, readFile, readdir, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { UNKNOWN_START, findProcess, isAlive } from "../command/process-table.ts";
import { REPOSITORY_FILE, forgetWorktrees } from "./open-worktree.ts";

/**
 * Folders that live as long as an attempt. Each process keeps its own in one folder named after
 * itself, so that the next one can tell whose owner is gone.
 */
export interface AttemptFolders {
  make(name: string): Promise<string>;
  remove(name: string): Promise<void>;
}

export function createAttemptFolders(root: string): AttemptFolders {
  const own = join(root, ownName());
  let swept: Promise<void> | null = null;
  return {
    make: async (name) => {
      swept ??= sweep(root);
      await swept;
      const folder = join(own, name);
      await mkdir(own, { recursive: true, mode: 0o700 });
      await mkdir(folder, { mode: 0o700 });
      return folder;
    },
    remove: (name) => removeAttempt(join(own, name)),
  };
}

/** Removes what processes of this machine left that are no more. */
async function sweep(root: string): Promise<void> {
  for (const name of await readdir(root).catch(() => [])) {
    const owner = parseOwner(name);
    if (owner === null || owner.host !== hostName() || isRunning(owner)) continue;
    const left = join(root, name);
    for (const attempt of await readdir(left)) await removeAttempt(join(left, attempt));
    await rm(left, { recursive: true, force: true });
  }
}

/** What cannot be removed stays: an attempt does not fail because of what is left of it. */
async function removeAttempt(folder: string): Promise<void> {
  const repository = await readFile(join(folder, REPOSITORY_FILE), "utf8").catch(() => null);
  await rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
  if (repository !== null) await forgetWorktrees(repository).catch(() => undefined);
}

interface Owner {
  readonly host: string;
  readonly pid: number;
  readonly startTicks: string;
}

function ownName(): string {
  const startTicks = findProcess(process.pid)?.startTicks ?? UNKNOWN_START;
  return `${hostName()}~${process.pid}~${startTicks}`;
}

function parseOwner(name: string): Owner | null {
  const [host, pid, startTicks, ...rest] = name.split("~");
  if (host === undefined || pid === undefined || startTicks === undefined) return null;
  return rest.length === 0 && /^\d+$/.test(pid) ? { host, pid: Number(pid), startTicks } : null;
}

function isRunning({ pid, startTicks }: Owner): boolean {
  if (startTicks === UNKNOWN_START) return canSignal(pid);
  const entry = findProcess(pid);
  return entry !== null && isAlive(entry) && entry.startTicks === startTicks;
}

function canSignal(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && Reflect.get(error, "code") === "EPERM";
  }
}

function hostName(): string {
  return hostname().replaceAll(/[^A-Za-z0-9.-]/g, "-");
}
