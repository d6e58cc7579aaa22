import type { Json } from "../../core/json.ts";
import { toJson } from "../to-json.ts";
import { type Tried, hopeless } from "../tried.ts";
import type { CapturedOutput } from "./captured-output.ts";
import type { Parse } from "./command-input.ts";
import { decodeText } from "./decode-text.ts";
import { jsonBytes } from "./kept-output.ts";

/** What a step's stdout says besides its text; members of the output. */
export type ParsedOutput = Readonly<{ lines?: readonly string[]; json?: Json }>;

/** Reads stdout as the step asks for it, if there is room for it beside the rest of the output. */
export function parseOutput(
  stdout: CapturedOutput,
  parse: Parse,
  jsonBytesMax: number,
): Tried<ParsedOutput> {
  if (parse === "text") return { ok: true, value: {} };
  if (stdout.cut)
    return invalid(`stdout is ${stdout.total} bytes long, too much to be read as ${parse}`);
  const parsed = parse === "lines" ? readLines(stdout) : readJson(stdout);
  if (!parsed.ok) return parsed;
  const size = jsonBytes(parsed.value);
  if (size <= jsonBytesMax) return parsed;
  return invalid(
    `stdout takes ${size} bytes as ${parse}, and ${jsonBytesMax} have room in an output: ` +
      "print less, or write a file and name it under `deliverables`",
  );
}

function readLines(stdout: CapturedOutput): Tried<ParsedOutput> {
  const lines = decodeText(stdout.bytes).split(/\r?\n/);
  if (lines.at(-1) === "") lines.pop();
  return { ok: true, value: { lines } };
}

function readJson(stdout: CapturedOutput): Tried<ParsedOutput> {
  const text = decodeText(stdout.bytes);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return invalid(text.trim() === "" ? "stdout is empty, not JSON" : `stdout is not JSON: ${why}`);
  }
  const json = toJson(value);
  if (json.ok) return { ok: true, value: { json: json.value } };
  return invalid(
    `stdout is JSON that cannot be kept: ${json.pointer || "the value"} ${json.message}`,
  );
}

function invalid(message: string): Tried<never> {
  return { ok: false, error: hopeless("output-invalid", message) };
}
