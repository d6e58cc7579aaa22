import { realpath, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { Lease } from "../../core/step/lease.ts";
import type { ExecutionContext } from "../../engine/executor.ts";
import { notBegun } from "../attempt-fault.ts";
import { type Tried, hopeless } from "../tried.ts";
import { isWithin } from "../workspace/is-within.ts";
import type { CommandInput } from "./command-input.ts";
import { DEFAULT_PATH, commandEnvironment } from "./environment.ts";
import { findExecutable } from "./find-executable.ts";
import { LiveOutput } from "./live-output.ts";
import { DEFAULT_PROCESS_LIMITS, type ProcessLimits, underLimits } from "./process-limits.ts";
import { type CommandEnd, runCommand } from "./run-command.ts";
import {
  type CommandPlan,
  type SandboxProbe,
  commandPlan,
  inSandbox,
  probeSandbox,
} from "./sandbox.ts";

export interface CommandOptions {
  /** Whether commands of texts that are not the operator's own may run without a sandbox. */
  readonly unsafeExec?: boolean;
  /** Variables of the worker's environment that commands may see, besides the usual ones. */
  readonly environment?: readonly string[];
  readonly limits?: Partial<ProcessLimits>;
  /** How long a command that was asked to end may take for it. */
  readonly graceMs?: number;
  /** What is kept of each of stdout and stderr. */
  readonly outputBytesMax?: number;
  /** Finds out whether there is a sandbox; asked at most once. */
  readonly probe?: () => Promise<SandboxProbe>;
}

/** Runs commands of steps and of checks under one set of rules. */
export interface CommandRunner {
  /** Throws an `AttemptFault` where the command could not be begun. */
  run(
    command: CommandInput,
    lease: Lease,
    context: ExecutionContext,
    extra?: CommandExtra,
  ): Promise<Tried<CommandEnd>>;
}

/** What one command gets besides. */
export interface CommandExtra {
  readonly env?: Readonly<Record<string, string>>;
  /** Files outside the workspace that it reads. */
  readonly files?: readonly string[];
  /** Ends this command alone. */
  readonly signal?: AbortSignal;
}

/** Shorter than the engine waits for an executor that was cut short: the end is told, not guessed. */
const GRACE_MS = 8000;
const OUTPUT_BYTES_MAX = 1024 * 1024;

export function createCommandRunner(options: CommandOptions = {}): CommandRunner {
  const probe = once(options.probe ?? probeSandbox);
  return {
    run: async (command, lease, context, extra = {}) => {
      const given = { command, lease, context, extra, options };
      const ready = await prepare(given, probe).catch((error: unknown) => {
        throw notBegun(error, context.signal);
      });
      return ready.ok ? { ok: true, value: await carryOut(ready.value) } : ready;
    },
  };
}

interface Folders {
  readonly workspace: string;
  readonly cwd: string;
}

/** What is asked for. */
interface Asked {
  readonly command: CommandInput;
  readonly lease: Lease;
  readonly context: ExecutionContext;
  readonly extra: CommandExtra;
  readonly options: CommandOptions;
}

/** Everything about one command that is to be run. */
interface Job extends Asked, Folders {
  readonly plan: Exclude<CommandPlan, { kind: "refused" }>;
}

interface ReadyJob extends Job {
  readonly env: Readonly<Record<string, string>>;
}

/** Finds out all that must be known before anything may begin. */
async function prepare(asked: Asked, probe: () => Promise<SandboxProbe>): Promise<Tried<ReadyJob>> {
  const { command, lease, context, options } = asked;
  const plan = commandPlan(lease.origin, await probe(), options.unsafeExec ?? false);
  if (plan.kind === "refused") return { ok: false, error: plan.error };
  const folders = await findFolders(command, lease, context);
  if (!folders.ok) return folders;
  const job = { ...asked, plan, ...folders.value };
  const env = environmentOf(job);
  const found = await findExecutable(command.argv[0], env["PATH"] ?? "", job.cwd);
  if (!found.ok) return { ok: false, error: hopeless("command-not-found", found.message) };
  return { ok: true, value: { ...job, env } };
}

/** Where a command runs. Only the operator's own text may go out of its workspace. */
async function findFolders(
  command: CommandInput,
  lease: Lease,
  context: ExecutionContext,
): Promise<Tried<Folders>> {
  const { folder } = await context.workspace();
  const workspace = await realpath(folder);
  const wanted = resolve(workspace, command.cwd ?? ".");
  const cwd = await realpath(wanted).catch(() => null);
  if (cwd === null || !(await stat(cwd)).isDirectory()) {
    return { ok: false, error: hopeless("invalid-input", `there is no folder ${wanted}`, "/cwd") };
  }
  if (lease.origin.trust !== "operator" && !isWithin(workspace, cwd)) {
    const message = `\`cwd\` must lie in the step's workspace: ${wanted} does not`;
    return { ok: false, error: hopeless("invalid-input", message, "/cwd") };
  }
  return { ok: true, value: { workspace, cwd } };
}

function environmentOf(job: Job): Readonly<Record<string, string>> {
  const { command, lease, context, extra, options, plan } = job;
  return commandEnvironment({
    worker: plan.kind === "direct" ? process.env : inside(process.env),
    allowed: options.environment ?? [],
    step: { ...repositoryBound(job), ...command.env, ...extra.env },
    lease,
    pure: context.pure,
  });
}

/** In a sandbox the worker's folders are not there. */
function inside(worker: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...worker, PATH: DEFAULT_PATH, HOME: "/tmp", TMPDIR: "/tmp", SHELL: "/bin/sh" };
}

/** A workspace inside somebody's repository is not part of it: git must not find that one from here. */
function repositoryBound({ lease, workspace }: Job): Readonly<Record<string, string>> {
  if (lease.document.workspace === "worktree" || workspace === lease.origin.folder) return {};
  return { GIT_CEILING_DIRECTORIES: dirname(workspace) };
}

async function carryOut(job: ReadyJob): Promise<CommandEnd> {
  const { command, lease, context, extra, options, env } = job;
  const outputBytesMax = options.outputBytesMax ?? OUTPUT_BYTES_MAX;
  const limits = { ...DEFAULT_PROCESS_LIMITS, ...options.limits };
  using live = new LiveOutput(context, outputBytesMax);
  // Not returned but awaited: what was followed live is told before the command has ended.
  const end = await runCommand({
    argv: underLimits(argvOf(job), limits, lease.timeoutMs),
    cwd: job.cwd,
    env,
    ...(command.stdin === null ? {} : { stdin: command.stdin }),
    signal: extra.signal ?? context.signal,
    graceMs: options.graceMs ?? GRACE_MS,
    outputBytesMax,
    runtime: context.runtime,
    recordProcess: (process) => context.recordProcess(process),
    removeProcess: (process) => context.removeProcess(process),
    onOutput: (stream, chunk) => live.add(stream, chunk),
  });
  return end;
}

function argvOf({ command, plan, workspace, cwd, extra }: Job): readonly string[] {
  if (plan.kind === "direct") return command.argv;
  return inSandbox(command.argv, plan.program, { workspace, cwd, files: extra.files ?? [] });
}

function once<T>(find: () => Promise<T>): () => Promise<T> {
  let found: Promise<T> | null = null;
  return () => (found ??= find());
}
