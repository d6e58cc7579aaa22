import { accessSync, constants, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";

/** Bounds on each process of a command, beyond what a sane one needs. */
export interface ProcessLimits {
  /** Address space. Runtimes reserve far more than they use. */
  readonly addressSpaceBytes: number;
  /** Processes and threads; the kernel counts all of the user's, not the command's alone. */
  readonly processes: number;
  readonly fileBytes: number;
  readonly openFiles: number;
}

export const DEFAULT_PROCESS_LIMITS: ProcessLimits = {
  addressSpaceBytes: 64 * 2 ** 30,
  processes: 8192,
  fileBytes: 16 * 2 ** 30,
  openFiles: 65_536,
};

/** The name of each limit for `prlimit`, and in `/proc/self/limits`. */
const NAMES = {
  as: "Max address space",
  nproc: "Max processes",
  fsize: "Max file size",
  nofile: "Max open files",
  cpu: "Max cpu time",
} as const;
type LimitName = keyof typeof NAMES;

/** What stands already. */
export interface Bounds {
  readonly soft: number;
  readonly hard: number;
}

/**
 * A command under limits: what `prlimit` is to be spawned with, or the command as it is where the
 * system has none (then only time and output are limited). A limit is never raised: that takes
 * privileges, and a limit that stands already was put there on purpose.
 */
export function underLimits(
  argv: readonly string[],
  limits: ProcessLimits,
  timeoutMs: number,
  current: ReadonlyMap<string, Bounds> = CURRENT,
): readonly string[] {
  if (PRLIMIT === null) return argv;
  const wanted: Record<LimitName, number> = {
    as: limits.addressSpaceBytes,
    nproc: limits.processes,
    fsize: limits.fileBytes,
    nofile: limits.openFiles,
    // All cores for as long as the attempt may take, and some grace.
    cpu: Math.ceil(timeoutMs / 1000) * availableParallelism() + 60,
  };
  const flags = Object.entries(wanted).map(([name, value]) => flagOf(name, value, current));
  return [PRLIMIT, ...flags, "--", ...argv];
}

function flagOf(name: string, wanted: number, current: ReadonlyMap<string, Bounds>): string {
  const bounds = current.get(name) ?? { soft: Infinity, hard: Infinity };
  return `--${name}=${Math.min(wanted, bounds.soft)}:${Math.min(wanted, bounds.hard)}`;
}

/** The limits of this process, by the names of `prlimit`. */
export function parseLimits(text: string): ReadonlyMap<string, Bounds> {
  const bounds = new Map<string, Bounds>();
  for (const [name, title] of Object.entries(NAMES)) {
    const line = text.split("\n").find((one) => one.startsWith(title));
    const [soft, hard] = line?.slice(title.length).trim().split(/\s+/) ?? [];
    if (soft !== undefined && hard !== undefined) {
      bounds.set(name, { soft: boundOf(soft), hard: boundOf(hard) });
    }
  }
  return bounds;
}

function boundOf(text: string): number {
  return text === "unlimited" ? Infinity : Number(text);
}

const PRLIMIT = ["/usr/bin/prlimit", "/bin/prlimit"].find(isExecutable) ?? null;
const CURRENT = readCurrent();

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function readCurrent(): ReadonlyMap<string, Bounds> {
  try {
    return parseLimits(readFileSync("/proc/self/limits", "latin1"));
  } catch {
    return new Map();
  }
}
