import { readFileSync, statSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve } from "node:path";
import process from "node:process";
import type { ReadResult, ResolveFile, TextFault } from "../../format/read-plan.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import type { Face } from "../screen/face.ts";
import { visible } from "../screen/visible.ts";

/** A text that was found, or why there is none. */
export type FoundText =
  | { readonly ok: true; readonly text: string }
  | {
      readonly ok: false;
      readonly code: ExitCode;
      readonly fault: TextFault | null;
      readonly message: string;
    };

/** More than the largest plan by far: what is larger is not even read. */
const BYTES_MAX = 64 * 1024 * 1024;

/** Reads standard input as a plan file. */
export async function readStandardInput(): Promise<FoundText> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of process.stdin) {
    const bytes: Uint8Array = chunk;
    chunks.push(bytes);
    size += bytes.length;
    if (size > BYTES_MAX) break;
  }
  return decode(Buffer.concat(chunks), "-");
}

/** Reads a plan file as text. */
export function readText(file: string): FoundText {
  try {
    refuseStrange(file);
    return decode(readFileSync(file), file);
  } catch (error) {
    const message = `${file} cannot be read: ${reasonOf(error)}`;
    return { ok: false, code: EXIT.notFound, fault: null, message };
  }
}

class StrangeFile extends Error {}

function refuseStrange(file: string): void {
  const { size, isFile } = describe(file);
  if (!isFile) throw new StrangeFile("it is no file");
  if (size > BYTES_MAX) throw new StrangeFile(`${size} bytes are no plan`);
}

/** A pipe that a shell hands over as a file (`<(…)`) has no size and is fine. */
function describe(file: string): { readonly size: number; readonly isFile: boolean } {
  const found = statSync(file);
  return { size: found.size, isFile: found.isFile() || found.isFIFO() };
}

function decode(bytes: Uint8Array, file: string): FoundText {
  try {
    return {
      ok: true,
      text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes),
    };
  } catch {
    const message = "the file is not UTF-8 text; save it as UTF-8";
    const fault = { code: "not-utf-8", message, pointer: "", line: 1, column: 1, file };
    return { ok: false, code: EXIT.invalidPlan, fault, message };
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof StrangeFile) return error.message;
  const code = error instanceof Error ? Reflect.get(error, "code") : undefined;
  if (code === "ENOENT" || code === "ENOTDIR") return "there is no such file";
  if (code === "EACCES") return "it may not be read";
  return typeof code === "string" ? code : String(error);
}

/** Finds the files that a plan names, beside the file that names them; no path from the root. */
export const resolveFile: ResolveFile = (path, from) => {
  if (isAbsolute(path)) return null;
  const found = resolve(from === undefined ? "." : dirname(from), path);
  const read = readText(found);
  if (!read.ok) return null;
  const shown = relative(".", found);
  return { text: read.text, file: shown.startsWith("..") ? found : join(shown) };
};

/** What `plan validate --json` says. */
export function faultsAsJson(result: ReadResult): object {
  const faults = result.ok ? [] : result.faults;
  return { ok: result.ok, faults, warnings: result.warnings };
}

/** Every fault with its place, as compilers do: editors jump to it. */
export function tellFaults(file: string, faults: readonly TextFault[], face: Face): void {
  for (const fault of faults) face.complain(faultLine(file, fault, face.paintNote("red", "fault")));
}

export function tellWarnings(file: string, warnings: readonly TextFault[], face: Face): void {
  for (const fault of warnings)
    face.note(faultLine(file, fault, face.paintNote("yellow", "warning")));
}

function faultLine(file: string, fault: TextFault, kind: string): string {
  const place = `${visible(fault.file ?? file)}:${fault.line}:${fault.column}`;
  return `${place}: ${kind} ${visible(fault.pointer || "/")}: ${visible(fault.message)} [${fault.code}]`;
}
