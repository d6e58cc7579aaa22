import { readFileSync } from "node:fs";
import { basename, join } from "node:path";

/** Where the data of the server in a folder lie. */
export function dataFolderOf(folder: string): string {
  return join(folder, "data");
}

/** What a server writes of itself; null where it has not, or has ended in an orderly way. */
export interface ServerStatus {
  readonly pid: number;
  readonly isReady: boolean;
}

export function findServerStatus(folder: string): ServerStatus | null {
  let text: string;
  try {
    text = readFileSync(join(dataFolderOf(folder), "postmaster.pid"), "utf8");
  } catch {
    return null;
  }
  const lines = text.split("\n");
  const pid = Number(lines[0]);
  // A killed server leaves its file behind, and one that is being written may be half there.
  if (!Number.isSafeInteger(pid) || pid <= 1) return null;
  return { pid, isReady: lines[7]?.trim() === "ready" };
}

/** Whether a process is the server in a folder: by its command line, which no other process has. */
export function isServerOf(pid: number, folder: string): boolean {
  let words: readonly string[];
  try {
    words = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
  } catch {
    return false;
  }
  const data = words[words.indexOf("-D") + 1];
  return basename(words[0] ?? "") === "postgres" && data === dataFolderOf(folder);
}

/** The children of a process, where the system tells of them. */
export function findChildren(pid: number): readonly number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
    return text.split(" ").filter(Boolean).map(Number);
  } catch {
    return [];
  }
}
