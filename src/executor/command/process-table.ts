import { readFileSync, readdirSync } from "node:fs";

/** What the kernel says of a process. */
export interface ProcessEntry {
  readonly pid: number;
  /** One letter; Z and X are dead. */
  readonly state: string;
  readonly group: number;
  readonly session: number;
  /** In clock ticks since the machine started. */
  readonly startTicks: string;
}

/** Start times are not to be had: the system has no `/proc`. */
export const UNKNOWN_START = "unknown";

/** The entry of one process; null where there is none, or no `/proc` to ask. */
export function findProcess(pid: number): ProcessEntry | null {
  const text = readStat(pid);
  return text === null ? null : parseStat(pid, text);
}

/** Living processes of one group. Null where there is no `/proc` to ask. */
export function findGroup(group: number): readonly ProcessEntry[] | null {
  const pids = listProcesses();
  if (pids === null) return null;
  return pids
    .map((pid) => findProcess(pid))
    .filter((entry) => entry !== null)
    .filter((entry) => entry.group === group && isAlive(entry));
}

/** Whether a process is more than an entry that nobody has collected yet. */
export function isAlive(entry: ProcessEntry): boolean {
  return entry.state !== "Z" && entry.state !== "X";
}

/**
 * The fields of `/proc/PID/stat`. The second is the name in parentheses, which may itself hold
 * spaces and parentheses: the fields after it are counted from the last one.
 */
export function parseStat(pid: number, text: string): ProcessEntry | null {
  const end = text.lastIndexOf(")");
  if (end === -1) return null;
  const [state, , group, session, ...rest] = text.slice(end + 2).split(" ");
  const startTicks = rest[15];
  if (state === undefined || startTicks === undefined) return null;
  return { pid, state, group: Number(group), session: Number(session), startTicks };
}

function readStat(pid: number): string | null {
  try {
    return readFileSync(`/proc/${pid}/stat`, "latin1");
  } catch {
    return null;
  }
}

function listProcesses(): readonly number[] | null {
  if (readStat(process.pid) === null) return null;
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}
