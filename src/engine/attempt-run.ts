import type { WorkerId } from "../core/id.ts";
import type { Outcome, StepError } from "../core/step/outcome.ts";
import type { Lease } from "../core/step/lease.ts";
import type { Pure } from "../core/pure.ts";
import { formatDuration } from "../core/duration.ts";
import type { ExecutionContext, Executor, NewArtifact, SpawnedProcess } from "./executor.ts";
import type { Runtime, Timer } from "./runtime.ts";
import type { AttemptOutput } from "./attempt-output.ts";
import type { AttemptResources } from "./attempt-resources.ts";

/** Why an attempt is cut short. */
export type CutReason = "timeout" | "idle" | "fenced" | "drained";

/** What an attempt's signal is aborted with. */
class AttemptCut extends Error {
  readonly reason: CutReason;

  constructor(reason: CutReason, message: string) {
    super(message);
    this.name = reason === "timeout" || reason === "idle" ? "TimeoutError" : "AbortError";
    this.reason = reason;
  }
}

export interface AttemptRunOptions {
  readonly lease: Lease;
  /** Who holds it. */
  readonly workerId: WorkerId;
  readonly executor: Executor;
  readonly runtime: Runtime;
  readonly pure: Pure;
  readonly output: AttemptOutput;
  readonly resources: AttemptResources;
  /** How long an executor that has been cut short may take to end. */
  readonly graceMs: number;
}

/** Carries out one attempt, within its time. */
export class AttemptRun {
  readonly lease: Lease;
  readonly workerId: WorkerId;
  readonly #options: AttemptRunOptions;
  readonly #controller = new AbortController();
  #timeout: Timer | null = null;
  #idle: Timer | null = null;
  #grace: Timer | null = null;
  #giveUp: ((outcome: Outcome | null) => void) | null = null;

  constructor(options: AttemptRunOptions) {
    this.#options = options;
    this.lease = options.lease;
    this.workerId = options.workerId;
  }

  /** Why it was cut short; null while it was not. */
  get cut(): CutReason | null {
    const { reason } = this.#controller.signal;
    return reason instanceof AttemptCut ? reason.reason : null;
  }

  /** Ends what runs; what it still brings is at most kept for reading. */
  cutShort(reason: CutReason): void {
    if (this.#controller.signal.aborted) return;
    this.#controller.abort(new AttemptCut(reason, CUT_MESSAGE[reason]));
    const { runtime, graceMs } = this.#options;
    this.#grace = runtime.setTimer(graceMs, () => this.#giveUp?.(this.#overdue()));
  }

  /** Its outcome; null where it was cut short for a reason that leaves nothing to report. */
  async run(): Promise<Outcome | null> {
    const { lease, runtime } = this.#options;
    const began = runtime.monotonic();
    this.#timeout = runtime.setTimer(lease.timeoutMs, () => this.cutShort("timeout"));
    this.#watchIdle();
    try {
      const outcome = await this.#firstOf(this.#execute());
      if (outcome === null) return null;
      if (this.#isPointless(outcome)) return null;
      return { ...outcome, workedMs: Math.round(runtime.monotonic() - began) };
    } finally {
      for (const timer of [this.#timeout, this.#idle, this.#grace]) timer?.cancel();
      await this.#options.output.flush();
      await this.#options.resources.release();
    }
  }

  /** A failure of what was told to stop says nothing; a success may have had its effect. */
  #isPointless(outcome: Outcome): boolean {
    return outcome.kind === "failed" && (this.cut === "fenced" || this.cut === "drained");
  }

  async #execute(): Promise<Outcome> {
    const { executor, lease } = this.#options;
    try {
      return await executor.execute(lease, this.#context());
    } catch (error) {
      return { kind: "failed", error: this.#faultOf(error) };
    }
  }

  /** Thrown in the middle of what it did, for all that is known (G6): who knows better, says so. */
  #faultOf(error: unknown): StepError {
    const { cut } = this;
    const isLate = cut === "timeout" || cut === "idle";
    const said = error instanceof Error ? error.message : String(error);
    const message = isLate ? `${CUT_MESSAGE[cut]}: ${said}` : said;
    return { code: isLate ? "timeout" : "executor", message, retryable: true, ambiguous: true };
  }

  #firstOf(work: Promise<Outcome>): Promise<Outcome | null> {
    return new Promise((resolve) => {
      this.#giveUp = resolve;
      void work.then(resolve);
    });
  }

  /** The executor ignores that it was told to stop: the attempt ends without it. */
  #overdue(): Outcome | null {
    const { cut } = this;
    if (cut !== "timeout" && cut !== "idle") return null;
    const error = {
      code: "timeout",
      message: `${CUT_MESSAGE[cut]}, and did not stop within ${formatDuration(this.#options.graceMs)}`,
      retryable: true,
      ambiguous: true,
    };
    return { kind: "failed", error };
  }

  #watchIdle(): void {
    const { lease, runtime } = this.#options;
    if (lease.idleMs === null) return;
    this.#idle?.cancel();
    this.#idle = runtime.setTimer(lease.idleMs, () => this.cutShort("idle"));
  }

  #context(): ExecutionContext {
    const { runtime, pure, output, resources } = this.#options;
    const { signal } = this.#controller;
    return {
      signal,
      runtime,
      pure,
      heartbeat: () => this.#watchIdle(),
      write: (stream, text) => {
        this.#watchIdle();
        output.write(stream, text);
      },
      publish: (artifact: NewArtifact) => resources.publish(artifact, signal),
      recordProcess: (process: SpawnedProcess) => resources.recordProcess(process, signal),
      removeProcess: (process: SpawnedProcess) => resources.removeProcess(process),
      workspace: () => Promise.reject(new Error("this executor was given no workspaces")),
    };
  }
}

const CUT_MESSAGE: Readonly<Record<CutReason, string>> = {
  timeout: "the attempt took longer than its timeout",
  idle: "the attempt gave no sign of life for longer than its idle timeout",
  fenced: "the attempt no longer counts",
  drained: "the worker is shutting down",
};
