import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { durationMs } from "../../core/duration.ts";
import { type Json, isJsonObject } from "../../core/json.ts";
import type { CheckDocument, CommandCheckDocument } from "../../core/plan/document.ts";
import type { Scope } from "../../core/pure.ts";
import type { Lease } from "../../core/step/lease.ts";
import type { ArtifactRef, CommandCheckResult, StepError } from "../../core/step/outcome.ts";
import type { ExecutionContext } from "../../engine/executor.ts";
import { abortError } from "../abort-error.ts";
import { readCommandInput } from "../command/command-input.ts";
import { endError, lastLines } from "../command/command-outcome.ts";
import type { CommandRunner } from "../command/command-runner.ts";
import type { CommandEnd } from "../command/run-command.ts";
import type { Tried } from "../tried.ts";

/** What the command checks of a step found, with the logs that show it. */
export interface ChecksReport {
  readonly checks: readonly CommandCheckResult[];
  readonly artifacts: readonly ArtifactRef[];
}

interface Checking {
  readonly lease: Lease;
  readonly context: ExecutionContext;
  readonly runner: CommandRunner;
  readonly scope: Scope;
  readonly outputFile: string;
}

/**
 * Runs the command checks of a step, one after the other. They see the output that they judge as
 * `output` in their expressions and as JSON in the file that PLANWRIGHT_OUTPUT_FILE names. What is
 * no command is judged by the plan's own rules when the outcome is recorded.
 */
export async function runChecks(
  lease: Lease,
  output: Json,
  context: ExecutionContext,
  runner: CommandRunner,
): Promise<Tried<ChecksReport>> {
  const documents = lease.document.verify?.checks ?? [];
  if (!documents.some(isCommandCheck)) return { ok: true, value: { checks: [], artifacts: [] } };
  const folder = await mkdtemp(join(tmpdir(), "planwright-"));
  try {
    const outputFile = join(folder, "output.json");
    await writeFile(outputFile, JSON.stringify(output), { mode: 0o600 });
    const scope = scopeOf(lease.scope, output);
    return await runEach(documents, { lease, context, runner, scope, outputFile });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function runEach(
  documents: readonly CheckDocument[],
  checking: Checking,
): Promise<Tried<ChecksReport>> {
  const checks: CommandCheckResult[] = [];
  const artifacts: ArtifactRef[] = [];
  for (const [index, document] of documents.entries()) {
    if (!isCommandCheck(document)) continue;
    const ran = await runCheck(document.command, checking);
    if (!ran.ok && ran.error.code === "sandbox-missing") return ran;
    if (checking.context.signal.aborted) {
      return { ok: false, error: abortError(checking.context.signal) };
    }
    const log = ran.ok ? await publishLog(ran.value, index, checking.context) : null;
    if (log !== null) artifacts.push(log);
    const found = ran.ok ? resultOf(ran.value, document.command) : failure(ran.error);
    checks.push({ index, ...found, ...(log === null ? {} : { artifactId: log.id }) });
  }
  return { ok: true, value: { checks, artifacts } };
}

/** A check that cannot be run has not been passed; the attempt itself may be in order. */
async function runCheck(
  document: CommandCheckDocument,
  { lease, context, runner, scope, outputFile }: Checking,
): Promise<Tried<CommandEnd>> {
  // `run` is one constant text: no expression is ever filled into it.
  const { timeout, run, ...templates } = document;
  const resolved = context.pure.resolve(templates, scope);
  if (!resolved.ok) return { ok: false, error: invalid(resolved.message) };
  const filled = isJsonObject(resolved.value) ? resolved.value : {};
  const input = readCommandInput(run === undefined ? filled : { ...filled, run });
  if (!input.ok) return input;
  using limit = new TimeLimit(context, timeout === undefined ? null : durationMs(timeout));
  const extra = {
    env: { PLANWRIGHT_OUTPUT_FILE: outputFile },
    files: [outputFile],
    signal: limit.signal,
  };
  const ran = await runner.run(input.value, lease, context, extra);
  return ran;
}

/** An attempt's signal, or one that is aborted earlier. */
class TimeLimit implements Disposable {
  readonly signal: AbortSignal;
  readonly #timer: Disposable | null;

  constructor(context: ExecutionContext, ms: number | null) {
    const controller = new AbortController();
    this.signal = AbortSignal.any([context.signal, controller.signal]);
    this.#timer = ms === null ? null : context.runtime.setTimer(ms, () => controller.abort());
  }

  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]();
  }
}

type Found = Omit<CommandCheckResult, "index" | "artifactId">;

function resultOf(end: CommandEnd, document: CommandCheckDocument): Found {
  if (end.aborted) return { passed: false, message: `took longer than ${document.timeout}` };
  if (end.exitCode === 0) {
    return { passed: true, exitCode: 0, message: lastLines(end) || "exit code 0" };
  }
  const { message } = endError(end, { shell: document.run !== undefined });
  return { passed: false, message, ...(end.exitCode === null ? {} : { exitCode: end.exitCode }) };
}

function failure(error: StepError): Found {
  return { passed: false, message: error.message };
}

async function publishLog(
  end: CommandEnd,
  index: number,
  context: ExecutionContext,
): Promise<ArtifactRef | null> {
  const content = Buffer.concat([end.stdout.bytes, end.stderr.bytes]);
  if (content.length === 0) return null;
  const mediaType = "text/plain; charset=utf-8";
  return context.publish({ name: `check-${index}.log`, mediaType, content });
}

/** A scope may look its steps up by itself: it is asked, not copied. */
function scopeOf(scope: Scope, output: Json): Scope {
  return {
    inputs: scope.inputs,
    plan: scope.plan,
    step: (key) => scope.step(key),
    ...(scope.item === undefined ? {} : { item: scope.item }),
    ...(scope.index === undefined ? {} : { index: scope.index }),
    output,
  };
}

function isCommandCheck(
  document: CheckDocument,
): document is Extract<CheckDocument, { command: CommandCheckDocument }> {
  return "command" in document;
}

function invalid(message: string): StepError {
  return { code: "invalid-input", message, retryable: false };
}
