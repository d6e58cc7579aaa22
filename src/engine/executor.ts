import type { ArtifactRef, Outcome } from "../core/step/outcome.ts";
import type { Lease } from "../core/step/lease.ts";
import type { Pure } from "../core/pure.ts";
import type { Runtime } from "./runtime.ts";

/**
 * The code that carries out one kind of step. It answers with an outcome. What it throws instead is a
 * fault that says nothing of the effect: work that may be done twice is tried again, and where it may
 * not, a person is asked. An executor that knows that nothing was begun answers with a failure that
 * is not `ambiguous`.
 */
export interface Executor {
  /** What it can do: a step's kind, or `tool:NAME`. */
  readonly capabilities: readonly string[];
  execute(lease: Lease, context: ExecutionContext): Promise<Outcome>;
}

/** What an executor may use while it holds an attempt. */
export interface ExecutionContext {
  /** Aborted when the attempt no longer counts: cancelled, timed out, fenced. Its reason says which. */
  readonly signal: AbortSignal;
  readonly runtime: Runtime;
  readonly pure: Pure;
  /** Says that the work is alive, for steps with an idle timeout. Output does so by itself. */
  heartbeat(): void;
  /** Output to be followed live and kept. */
  write(stream: "stdout" | "stderr" | "note", text: string): void;
  /** Keeps content as an artifact; it is published with the outcome that names it. */
  publish(artifact: NewArtifact): Promise<ArtifactRef>;
  /**
   * Names a process before it may begin, so that whoever takes over can end it. Where this throws,
   * nothing may begin: the attempt may be somebody else's by now.
   */
  recordProcess(process: SpawnedProcess): Promise<void>;
  removeProcess(process: SpawnedProcess): Promise<void>;
  /** The folder of the attempt: the plan's own, or a copy. */
  workspace(): Promise<Workspace>;
}

export interface NewArtifact {
  readonly name: string;
  readonly mediaType?: string;
  readonly content: Uint8Array | string | AsyncIterable<Uint8Array>;
}

export interface SpawnedProcess {
  /** Leader of its process group. */
  readonly pid: number;
  readonly startTicks: string;
}

/** Where an attempt's files are. */
export interface Workspace extends AsyncDisposable {
  readonly folder: string;
  /** What the attempt changed, for a `copy` or `worktree`; null for the shared folder. */
  difference(): Promise<string | null>;
}
