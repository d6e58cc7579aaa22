import type { Lease } from "../../core/step/lease.ts";
import type { ArtifactRef, Outcome, StepError } from "../../core/step/outcome.ts";
import type { Json } from "../../core/json.ts";
import type { ExecutionContext, Executor } from "../../engine/executor.ts";
import { abortError } from "../abort-error.ts";
import { AttemptFault } from "../attempt-fault.ts";
import { idempotencyKey } from "../idempotency-key.ts";
import { type Tried, failedOutcome, hopeless } from "../tried.ts";
import { ToolError } from "./tool-error.ts";
import type { Tool, ToolContext } from "./tool.ts";

/** How long a tool may take to notice that its call was aborted, before it is left behind. */
const GRACE_MS = 5000;

/** Carries out `do: tool`, with one capability for each tool. */
export function createToolExecutor(
  tools: readonly Tool[],
  options: { readonly graceMs?: number } = {},
): Executor {
  const byName = new Map<string, Tool>();
  for (const tool of tools) {
    if (byName.has(tool.name)) throw new TypeError(`two tools are called ${tool.name}`);
    byName.set(tool.name, tool);
  }
  return {
    capabilities: [...byName.keys()].map((name) => `tool:${name}`),
    execute: async (lease, context) => {
      const tool = byName.get(lease.document.owner ?? "");
      if (tool === undefined) return failedOutcome(unknownTool(lease.document.owner));
      return callTool(tool, lease, context, options.graceMs ?? GRACE_MS);
    },
  };
}

async function callTool(
  tool: Tool,
  lease: Lease,
  context: ExecutionContext,
  graceMs: number,
): Promise<Outcome> {
  const published: ArtifactRef[] = [];
  const call = tool
    .call(lease.input, toolContext(lease, context, published), context.pure)
    .catch((error: unknown) => ({ ok: false as const, error: thrownError(error, context.signal) }));
  const result = await orAborted(call, context, graceMs);
  if (!result.ok) return failedOutcome(repeatable(result.error, lease), published);
  const artifacts = published.length === 0 ? {} : { artifacts: published };
  return { kind: "succeeded", output: result.value, ...artifacts };
}

/** A bad output comes after the effect: only what is harmless is done again because of it. */
function repeatable(error: StepError, lease: Lease): StepError {
  if (error.code !== "output-invalid") return error;
  return { ...error, retryable: lease.effect !== "once" };
}

function toolContext(
  lease: Lease,
  context: ExecutionContext,
  published: ArtifactRef[],
): ToolContext {
  return {
    tenantId: lease.tenantId,
    planId: lease.planId,
    stepKey: lease.stepKey,
    attempt: lease.attempt,
    idempotencyKey: idempotencyKey(lease, context.pure),
    feedback: lease.feedback,
    signal: context.signal,
    runtime: context.runtime,
    heartbeat: () => context.heartbeat(),
    note: (text) => context.write("note", `${text}\n`),
    publish: async (artifact) => {
      const reference = await context.publish(artifact);
      published.push(reference);
      return reference;
    },
    workspace: () => context.workspace(),
  };
}

/** What an error is called that tells of something that was cut off, not of its end. */
const CUT_OFF: ReadonlySet<string> = new Set(["AbortError", "TimeoutError"]);

/**
 * A tool that throws has ended, and its author says by the error how: the call failed, and is made
 * again where the policy says so, whatever its effect. That is an answer and no guess (G6): the
 * author of a tool that does something once tells a doubt by a `ToolError` that is `ambiguous`. What
 * nobody can answer for is a call that was cut off, by us or by a time limit of its own.
 */
function thrownError(error: unknown, signal: AbortSignal): StepError {
  if (signal.aborted) return abortError(signal);
  if (AttemptFault.is(error)) return error.error;
  if (ToolError.is(error)) {
    return {
      code: error.code,
      message: error.message,
      retryable: error.retryable,
      ...(error.ambiguous ? { ambiguous: true } : {}),
      ...(error.details === undefined ? {} : { details: error.details }),
    };
  }
  if (!(error instanceof Error)) {
    return { code: "tool-failed", message: String(error), retryable: true };
  }
  const isFinal = Reflect.get(error, "retryable") === false;
  const ambiguous = CUT_OFF.has(error.name) ? { ambiguous: true } : {};
  const message = `${error.name}: ${error.message}`;
  return { code: "tool-failed", message, retryable: !isFinal, ...ambiguous };
}

/** A function cannot be killed: one that does not heed its signal is left behind. */
async function orAborted(
  call: Promise<Tried<Json>>,
  context: ExecutionContext,
  graceMs: number,
): Promise<Tried<Json>> {
  const { signal, runtime } = context;
  const left = Promise.withResolvers<Tried<Json>>();
  using timers = new DisposableStack();
  const leave = (): void => left.resolve({ ok: false, error: abortError(signal) });
  const onAbort = (): void => {
    timers.use(runtime.setTimer(graceMs, leave));
  };
  timers.defer(() => signal.removeEventListener("abort", onAbort));
  if (signal.aborted) onAbort();
  else signal.addEventListener("abort", onAbort);
  const result = await Promise.race([call, left.promise]);
  return result;
}

function unknownTool(name: string | undefined): StepError {
  return hopeless(
    "unknown-tool",
    name === undefined
      ? "a step with `do: tool` names its tool by `owner`"
      : `this worker has no tool ${JSON.stringify(name)}`,
  );
}
