import { join } from "node:path";
import process from "node:process";
import { Spawned } from "../torture/process/spawned.ts";
import { until } from "../torture/process/until.ts";

export interface WorkerOptions {
  /** Where it works, and what it leaves there in a kill. */
  readonly folder: string;
  readonly env?: Readonly<Record<string, string>>;
}

const ROOT = join(import.meta.dirname, "..", "..");
const MAIN = join(ROOT, "src", "cli", "main.ts");
/** Compiled once for all: who is killed often starts often. */
const COMPILED = join(ROOT, "node_modules", ".cache", "planwright");

/** Starts `planwright` with these words, in a process of its own. */
export function startCli(words: readonly string[], options: WorkerOptions): Spawned {
  return startScript(MAIN, words, options);
}

/** Starts a script of this repository with these words, in a process of its own. */
export function startScript(
  file: string,
  words: readonly string[],
  { folder, env }: WorkerOptions,
): Spawned {
  const { PATH = "", HOME = "" } = process.env;
  return new Spawned([process.execPath, "--conditions=source", file, ...words], {
    cwd: folder,
    env: { PATH, HOME, NO_COLOR: "1", TMPDIR: folder, NODE_COMPILE_CACHE: COMPILED, ...env },
  });
}

export interface LineWish {
  readonly withinMs: number;
  /** How many lines need not be looked at. */
  readonly after?: number;
  readonly isWanted?: (line: string) => boolean;
}

/** The first such line that a process prints; throws, with what it said, where it ends without one. */
export async function lineOf(
  spawned: Spawned,
  { withinMs, after = 0, isWanted = () => true }: LineWish,
): Promise<string> {
  return until(`a line of ${spawned.title}`, withinMs, () => {
    // Asked first: what it printed before its end is all there by then.
    const { exit } = spawned;
    const line = spawned.lines.slice(after).find(isWanted);
    if (line !== undefined) return line;
    if (exit === null) return null;
    const how = exit.code ?? exit.signal;
    throw new Error(`${spawned.title} ended with ${how} before it said so: ${spawned.stderr}`);
  });
}
