import { constants } from "node:fs";
import {
  chmod,
  copyFile,
  lstat,
  mkdir,
  readdir,
  readlink,
  symlink,
  utimes,
} from "node:fs/promises";
import { join, resolve } from "node:path";
import { storeNamesAmong } from "../../store/sqlite/file/store-folder.ts";
import { AttemptFault } from "../attempt-fault.ts";
import { hopeless } from "../tried.ts";

/**
 * Never copied, at any depth: the history, which is not the work; what an installer puts there
 * again; Planwright's own files.
 */
export const LEFT_OUT: ReadonlySet<string> = new Set([".git", "node_modules", ".planwright"]);

/** What a copy may grow to. */
export interface CopyLimits {
  readonly entriesMax: number;
  readonly bytesMax: number;
}

const DEFAULT_COPY_LIMITS: CopyLimits = { entriesMax: 100_000, bytesMax: 2 * 2 ** 30 };

interface Copying {
  readonly limits: CopyLimits;
  /** The copy itself may lie in the folder that is copied. */
  readonly skip: string;
  entries: number;
  bytes: number;
}

/**
 * Copies files, folders and links (as links) with modes and times. The target exists and is empty.
 * Devices, sockets, pipes and the files of stores are left out.
 */
export async function copyFolder(
  source: string,
  target: string,
  skip: string,
  limits: CopyLimits = DEFAULT_COPY_LIMITS,
): Promise<void> {
  await copyContent(source, target, { limits, skip: resolve(skip), entries: 0, bytes: 0 });
}

async function copyContent(source: string, target: string, copying: Copying): Promise<void> {
  const names = await readdir(source);
  const ofStores = storeNamesAmong(names);
  for (const name of names) {
    const from = join(source, name);
    if (LEFT_OUT.has(name) || ofStores.has(name) || from === copying.skip) continue;
    copying.entries += 1;
    checkLimits(copying);
    await copyEntry(from, join(target, name), copying);
  }
}

async function copyEntry(from: string, to: string, copying: Copying): Promise<void> {
  const entry = await lstat(from);
  if (entry.isSymbolicLink()) return symlink(await readlink(from), to);
  if (entry.isDirectory()) {
    await mkdir(to);
    await copyContent(from, to, copying);
    return chmod(to, (entry.mode & 0o777) | 0o700);
  }
  if (!entry.isFile()) return;
  copying.bytes += entry.size;
  checkLimits(copying);
  await copyFile(from, to, constants.COPYFILE_FICLONE);
  await utimes(to, entry.atime, entry.mtime);
}

function checkLimits({ entries, bytes, limits }: Copying): void {
  if (entries <= limits.entriesMax && bytes <= limits.bytesMax) return;
  const what =
    entries > limits.entriesMax
      ? `${limits.entriesMax} files and folders`
      : `${limits.bytesMax} bytes`;
  throw new AttemptFault(
    hopeless(
      "workspace-too-large",
      `the folder holds more than the ${what} that \`workspace: copy\` copies: use \`worktree\` or \`shared\``,
    ),
  );
}
