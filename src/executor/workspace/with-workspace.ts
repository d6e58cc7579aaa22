import type { Outcome } from "../../core/step/outcome.ts";
import type { Lease } from "../../core/step/lease.ts";
import type { ExecutionContext, Executor, Workspace } from "../../engine/executor.ts";
import { AttemptFault } from "../attempt-fault.ts";
import { failedOutcome, notKept } from "../tried.ts";
import type { Workspaces } from "./workspaces.ts";

/**
 * An executor whose attempts have one folder each, opened when it is first asked for. What an attempt
 * changed in a copy or worktree is published with its outcome, however that came out.
 */
export function withWorkspace(executor: Executor, workspaces: Workspaces): Executor {
  return {
    capabilities: executor.capabilities,
    execute: async (lease, context) => {
      await using opened = new OpenedOnce(() => workspaces.open(lease));
      const outcome = await answer(executor, lease, inFolder(context, opened));
      if (context.signal.aborted || !opened.isOpened) return outcome;
      const complete = await addChanges(outcome, opened, context).catch((error: unknown) =>
        outcome.kind === "failed" ? outcome : notKept(error),
      );
      return complete;
    },
  };
}

async function answer(
  executor: Executor,
  lease: Lease,
  context: ExecutionContext,
): Promise<Outcome> {
  try {
    return await executor.execute(lease, context);
  } catch (error) {
    if (!AttemptFault.is(error)) throw error;
    return failedOutcome(error.error);
  }
}

/** The folder is going to be removed: what changed in it is all that is left of the work. */
async function addChanges(
  outcome: Outcome,
  opened: OpenedOnce,
  context: ExecutionContext,
): Promise<Outcome> {
  const content = await opened.difference();
  if (content === null || content === "") return outcome;
  const changes = await context.publish({
    name: "changes.diff",
    mediaType: "text/x-diff",
    content,
  });
  return { ...outcome, artifacts: [...(outcome.artifacts ?? []), changes] };
}

/** One workspace, whoever asks for it and however often. */
class OpenedOnce implements AsyncDisposable {
  readonly #open: () => Promise<Workspace>;
  #workspace: Promise<Workspace> | null = null;

  constructor(open: () => Promise<Workspace>) {
    this.#open = open;
  }

  /** Whether anybody has asked for it. */
  get isOpened(): boolean {
    return this.#workspace !== null;
  }

  /** Whoever uses it need not, and cannot, end it. */
  async share(): Promise<Workspace> {
    const workspace = await (this.#workspace ??= this.#open());
    return {
      folder: workspace.folder,
      difference: () => workspace.difference(),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  }

  async difference(): Promise<string | null> {
    const workspace = await this.#workspace?.catch(() => null);
    return (await workspace?.difference()) ?? null;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const workspace = await this.#workspace?.catch(() => null);
    await workspace?.[Symbol.asyncDispose]();
  }
}

function inFolder(context: ExecutionContext, opened: OpenedOnce): ExecutionContext {
  return {
    signal: context.signal,
    runtime: context.runtime,
    pure: context.pure,
    heartbeat: () => context.heartbeat(),
    write: (stream, text) => context.write(stream, text),
    publish: (artifact) => context.publish(artifact),
    recordProcess: (process) => context.recordProcess(process),
    removeProcess: (process) => context.removeProcess(process),
    workspace: () => opened.share(),
  };
}
