import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { AttemptFault } from "../attempt-fault.ts";
import { hopeless } from "../tried.ts";

const run = promisify(execFile);

export interface GitOptions {
  readonly cwd: string;
  /** Without it, no settings of the person or the machine are read. */
  readonly ownSettings?: boolean;
  /** Does not look for a repository in this folder or above it. */
  readonly ceiling?: string;
}

/** More than this is no text to be read. */
const OUTPUT_BYTES_MAX = 16 * 1024 * 1024;

/**
 * Runs git and gives what it says. No hooks and no file monitor: files of a step must never become
 * programs of the worker.
 */
export async function git(args: readonly string[], options: GitOptions): Promise<string> {
  const safe = ["-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", ...args];
  const { stdout } = await run("git", safe, {
    cwd: options.cwd,
    env: environmentOf(options),
    maxBuffer: OUTPUT_BYTES_MAX,
  });
  return stdout;
}

/** As `git`, with a failure told as one of the attempt that no retry can mend. */
export async function gitOrFault(
  args: readonly string[],
  options: GitOptions,
  what: string,
): Promise<string> {
  try {
    return await git(args, options);
  } catch (error) {
    const message = `${what}: ${describe(error)}`;
    throw new AttemptFault(hopeless("workspace-unavailable", message), { cause: error });
  }
}

/** Whether git had more to say than is kept. */
export function isTooLong(error: unknown): boolean {
  return codeOf(error) === "ERR_CHILD_PROCESS_STDIO_MAXBUFFER";
}

function environmentOf({ ownSettings = false, ceiling }: GitOptions): NodeJS.ProcessEnv {
  const { PATH, HOME, XDG_CONFIG_HOME } = process.env;
  return {
    PATH,
    LC_ALL: "C",
    GIT_TERMINAL_PROMPT: "0",
    GIT_OPTIONAL_LOCKS: "0",
    ...(ceiling === undefined ? {} : { GIT_CEILING_DIRECTORIES: ceiling }),
    ...(ownSettings
      ? { HOME, XDG_CONFIG_HOME }
      : { GIT_CONFIG_NOSYSTEM: "1", GIT_CONFIG_GLOBAL: "/dev/null" }),
  };
}

function describe(error: unknown): string {
  if (codeOf(error) === "ENOENT") return "git is not installed";
  const said = error instanceof Error ? String(Reflect.get(error, "stderr") ?? "").trim() : "";
  return said === "" ? String(error) : said;
}

function codeOf(error: unknown): unknown {
  return error instanceof Error ? Reflect.get(error, "code") : undefined;
}
