import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { Writable, type Readable } from "node:stream";
import { finished } from "node:stream/promises";
import { known } from "../../core/known.ts";
import type { SpawnedProcess } from "../../engine/executor.ts";
import type { Runtime, Timer } from "../../engine/runtime.ts";
import { notBegun } from "../attempt-fault.ts";
import { type CapturedOutput, OutputKeeper } from "./captured-output.ts";
import { killGroup } from "./end-process-group.ts";
import { GO, onLifeLine } from "./life-line.ts";
import type { OutputStream } from "./live-output.ts";
import { type CommandStreams, openStreams } from "./output-pipes.ts";
import { UNKNOWN_START, findProcess } from "./process-table.ts";

/** One command as it is to be spawned, and what may end it. */
export interface CommandRun {
  /** Spawned as it stands, parsed by nobody. */
  readonly argv: readonly string[];
  readonly cwd: string;
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Without it the command reads nothing. */
  readonly stdin?: string;
  /** Ends the whole process group. */
  readonly signal: AbortSignal;
  /** How long a group that was asked to end may take for it. */
  readonly graceMs: number;
  /** What is kept of each stream. */
  readonly outputBytesMax: number;
  readonly runtime: Runtime;
  /** Puts the process on record; the command begins when it has answered. */
  recordProcess(process: SpawnedProcess): Promise<void>;
  removeProcess(process: SpawnedProcess): Promise<void>;
  onOutput?(stream: OutputStream, chunk: Buffer): void;
}

/** How a command ended. Of exit code and signal one is null. */
export interface CommandEnd {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Whether `signal` of the run was what ended it. */
  readonly aborted: boolean;
  /** Whether the command had been let go when it ended. */
  readonly begun: boolean;
  readonly stdout: CapturedOutput;
  readonly stderr: CapturedOutput;
  readonly durationMs: number;
}

/**
 * Runs one command in a process group of its own and sees to it that nothing of the group outlives
 * it: neither its timeout, nor its leader's end, nor this process (see `life-line.ts`). Throws an
 * `AttemptFault` where it could not be begun.
 */
export async function runCommand(run: CommandRun): Promise<CommandEnd> {
  const progress: Progress = { begun: false };
  try {
    return await spawnAndFollow(run, progress);
  } catch (error) {
    throw progress.begun ? error : notBegun(error, run.signal);
  }
}

/** Whether the command has been let go. */
interface Progress {
  begun: boolean;
}

async function spawnAndFollow(run: CommandRun, progress: Progress): Promise<CommandEnd> {
  const startedAt = run.runtime.monotonic();
  const streams = await openStreams(run.stdin);
  const kept = {
    stdout: new OutputKeeper(run.outputBytesMax),
    stderr: new OutputKeeper(run.outputBytesMax),
  };
  const child = spawnOnLifeLine(run, streams);
  const output = readersOf(streams, child);
  try {
    for (const stream of ["stdout", "stderr"] as const) {
      follow(output[stream], (chunk) => {
        kept[stream].add(chunk);
        run.onOutput?.(stream, chunk);
      });
    }
    const end = await carryOut(child, run, progress);
    await drain(output, () => kept.stdout.total + kept.stderr.total, run.runtime);
    const durationMs = Math.round(run.runtime.monotonic() - startedAt);
    return { ...end, stdout: kept.stdout.finish(), stderr: kept.stderr.finish(), durationMs };
  } finally {
    output.stdout.destroy();
    output.stderr.destroy();
  }
}

function spawnOnLifeLine(run: CommandRun, streams: CommandStreams): ChildProcess {
  const { file, args } = onLifeLine(run.argv);
  try {
    const child = spawn(file, args, {
      cwd: run.cwd,
      env: run.env,
      detached: true,
      stdio: [streams.stdin, streams.stdout, streams.stderr, "pipe"],
    });
    return child;
  } catch (error) {
    streams.readers?.stdout.destroy();
    streams.readers?.stderr.destroy();
    throw error;
  } finally {
    streams.release();
  }
}

interface Readers {
  readonly stdout: Readable;
  readonly stderr: Readable;
}

function readersOf(streams: CommandStreams, child: ChildProcess): Readers {
  return (
    streams.readers ?? {
      stdout: known(child.stdout, "stdout of a spawned command"),
      stderr: known(child.stderr, "stderr of a spawned command"),
    }
  );
}

/** A stream that breaks off has ended: what came before counts. */
function follow(stream: Readable, onChunk: (chunk: Buffer) => void): void {
  stream.on("error", () => undefined);
  stream.on("data", onChunk);
}

type Ending = Pick<CommandEnd, "exitCode" | "signal" | "aborted" | "begun">;

async function carryOut(child: ChildProcess, run: CommandRun, progress: Progress): Promise<Ending> {
  const exit: Promise<unknown[]> = once(child, "exit");
  exit.catch(() => undefined);
  const pid = child.pid;
  if (pid === undefined) return exit.then(() => assert.fail("a command without a process ended"));
  const lifeLine = child.stdio[3];
  assert(lifeLine instanceof Writable);
  lifeLine.on("error", () => undefined);
  const group = { pid, startTicks: findProcess(pid)?.startTicks ?? UNKNOWN_START };
  using ender = new GroupEnder(pid, run);
  try {
    await run.recordProcess(group);
    progress.begun = !ender.aborted;
    if (progress.begun) lifeLine.write(GO);
    await exit;
    const { exitCode, signalCode: signal } = child;
    return { exitCode, signal, aborted: ender.aborted, begun: progress.begun };
  } finally {
    // At once: while anybody of the group lives, nobody else can get its number.
    killGroup(pid, "SIGKILL");
    lifeLine.destroy();
    // The record outlives its use without harm: a start time is compared before anything is ended.
    await run.removeProcess(group).catch(() => undefined);
  }
}

/** Asks a group to end when the run is aborted, and ends it where it does not. */
class GroupEnder implements Disposable {
  readonly #group: number;
  readonly #run: CommandRun;
  #timer: Timer | null = null;
  #aborted = false;

  constructor(group: number, run: CommandRun) {
    this.#group = group;
    this.#run = run;
    if (run.signal.aborted) this.#end();
    else run.signal.addEventListener("abort", this.#end);
  }

  get aborted(): boolean {
    return this.#aborted;
  }

  [Symbol.dispose](): void {
    this.#run.signal.removeEventListener("abort", this.#end);
    this.#timer?.cancel();
  }

  readonly #end = (): void => {
    this.#aborted = true;
    killGroup(this.#group, "SIGTERM");
    this.#timer = this.#run.runtime.setTimer(this.#run.graceMs, () => {
      killGroup(this.#group, "SIGKILL");
    });
  };
}

const DRAIN_LOOK_MS = 100;
const DRAIN_LOOKS_MAX = 20;

/**
 * Reads what still stands in the pipes after the leader's end. A process that escaped the group may
 * hold them open for ever, so two looks in a row at which nothing came are enough.
 */
async function drain(output: Readers, total: () => number, runtime: Runtime): Promise<void> {
  const ended = Promise.allSettled([finished(output.stdout), finished(output.stderr)]);
  let isOver = false;
  void ended.then(() => (isOver = true));
  for (let looks = 0, quiet = 0; looks < DRAIN_LOOKS_MAX && quiet < 2; looks += 1) {
    const before = total();
    await firstOf(ended, runtime, DRAIN_LOOK_MS);
    if (isOver) return;
    quiet = total() === before ? quiet + 1 : 0;
  }
}

async function firstOf(ended: Promise<unknown>, runtime: Runtime, ms: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  using _timer = runtime.setTimer(ms, resolve);
  await Promise.race([ended, promise]);
}
