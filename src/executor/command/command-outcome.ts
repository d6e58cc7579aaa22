import { DEFAULT_LIMITS } from "../../core/limits.ts";
import type { Json, JsonObject } from "../../core/json.ts";
import type { ArtifactRef, Outcome, StepError } from "../../core/step/outcome.ts";
import type { Lease } from "../../core/step/lease.ts";
import type { ExecutionContext } from "../../engine/executor.ts";
import { abortError } from "../abort-error.ts";
import { failedOutcome } from "../tried.ts";
import type { CommandInput } from "./command-input.ts";
import { decodeText } from "./decode-text.ts";
import { type KeptOutput, jsonBytes, keepOutput } from "./kept-output.ts";
import { parseOutput } from "./parse-output.ts";
import type { CommandEnd } from "./run-command.ts";

/** Room in an output for each of stdout and stderr. */
const TEXT_BYTES_MAX = 24 * 1024;
/** Room for everything that is not text or parsed: codes, names, references. */
const REST_BYTES = 4 * 1024;
const PARSED_BYTES_MAX = 48 * 1024;

/** What a command's end means to its step. */
export async function commandOutcome(
  end: CommandEnd,
  input: CommandInput,
  lease: Pick<Lease, "effect">,
  context: ExecutionContext,
): Promise<Outcome> {
  if (end.aborted) return failedOutcome(abortError(context.signal, end.begun));
  if (end.exitCode !== 0) return failed(endError(end, input), end, context);
  const parsed = parseOutput(end.stdout, input.parse, PARSED_BYTES_MAX);
  // What has been done has been done: it is done again only where that is harmless.
  if (!parsed.ok) {
    return failed({ ...parsed.error, retryable: lease.effect !== "once" }, end, context);
  }
  const left = DEFAULT_LIMITS.valueBytesMax - REST_BYTES - jsonBytes(parsed.value);
  const kept = await keepBoth(end, Math.min(TEXT_BYTES_MAX, Math.floor(left / 2)), context);
  const output: JsonObject = {
    exitCode: 0,
    stdout: kept.stdout.text,
    stderr: kept.stderr.text,
    durationMs: end.durationMs,
    ...parsed.value,
    ...referencesOf(kept),
  };
  const artifacts = artifactsOf(kept);
  return { kind: "succeeded", output, ...(artifacts.length === 0 ? {} : { artifacts }) };
}

/** Why a command that ended by itself failed. */
export function endError(
  end: Pick<CommandEnd, "exitCode" | "signal" | "stdout" | "stderr">,
  input: Pick<CommandInput, "shell">,
): StepError {
  const last = lastLines(end);
  const said = last === "" ? "" : `: ${last}`;
  if (end.exitCode === null) {
    // Ended from outside, in the middle of what it did.
    return {
      code: "signal",
      message: `ended by ${end.signal}${said}`,
      retryable: true,
      ambiguous: true,
      details: { signal: end.signal },
    };
  }
  // What the shell says of a program that it cannot find (127) or execute (126).
  const missing = input.shell && (end.exitCode === 126 || end.exitCode === 127);
  return {
    code: missing ? "command-not-found" : "exit",
    message: `exit code ${end.exitCode}${said}`,
    retryable: !missing,
    details: { exitCode: end.exitCode },
  };
}

const LINES_MAX = 5;
const MESSAGE_CHARACTERS_MAX = 1000;

/** The last lines of stderr, or of stdout where that is silent. */
export function lastLines(end: Pick<CommandEnd, "stdout" | "stderr">): string {
  return tailOf(end.stderr.bytes) || tailOf(end.stdout.bytes);
}

function tailOf(bytes: Buffer): string {
  const text = decodeText(bytes.subarray(-4 * MESSAGE_CHARACTERS_MAX)).trim();
  const tail = text.split("\n").slice(-LINES_MAX).join("\n");
  // Not from the middle of a surrogate pair.
  return tail.slice(-MESSAGE_CHARACTERS_MAX).replace(/^[\udc00-\udfff]/, "");
}

interface Kept {
  readonly stdout: KeptOutput;
  readonly stderr: KeptOutput;
}

async function keepBoth(
  end: CommandEnd,
  jsonBytesMax: number,
  context: ExecutionContext,
): Promise<Kept> {
  return {
    stdout: await keepOutput(end.stdout, "stdout.log", jsonBytesMax, context),
    stderr: await keepOutput(end.stderr, "stderr.log", jsonBytesMax, context),
  };
}

async function failed(
  error: StepError,
  end: CommandEnd,
  context: ExecutionContext,
): Promise<Outcome> {
  return failedOutcome(error, artifactsOf(await keepBoth(end, TEXT_BYTES_MAX, context)));
}

function artifactsOf({ stdout, stderr }: Kept): readonly ArtifactRef[] {
  return [stdout.artifact, stderr.artifact].filter((artifact) => artifact !== null);
}

/** Says that a text is shortened, and where all of it is. */
function referencesOf({ stdout, stderr }: Kept): JsonObject {
  if (stdout.artifact === null && stderr.artifact === null) return {};
  const references: Record<string, Json> = {};
  if (stdout.artifact !== null) references["stdout"] = { ...stdout.artifact };
  if (stderr.artifact !== null) references["stderr"] = { ...stderr.artifact };
  const truncated = stdout.truncated || stderr.truncated;
  return { ...(truncated ? { truncated } : {}), artifacts: references };
}
