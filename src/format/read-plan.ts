import type { Fault } from "../core/graph/fault.ts";
import { DEFAULT_LIMITS } from "../core/limits.ts";
import type { PlanDocument } from "../core/plan/document.ts";
import type { CheckOptions } from "./check/check-document.ts";
import { judgePlan, judgeValue } from "./judge-plan.ts";
import { includeFiles, type ResolveFile } from "./text/include-files.ts";
import { placeFaults, placeOffsets } from "./text/place-faults.ts";
import { readRawText, syntaxOf, withoutMark } from "./text/read-raw-text.ts";
import type { TextFault } from "./text/text-fault.ts";
import type { Syntax } from "./text/text-limits.ts";

export type { ResolveFile } from "./text/include-files.ts";
export type { TextFault } from "./text/text-fault.ts";

export interface ReadOptions extends CheckOptions {
  /** Without it the end of the file's name says it, and without that it is YAML. */
  readonly syntax?: Syntax;
  /** The file that the text comes from: named in faults, and where other files are looked for. */
  readonly file?: string;
  /** Reads the files that `do: plan` steps name. */
  readonly resolveFile?: ResolveFile;
}

/** A plan that may be handed in, or all that keeps it from being one. */
export type ReadResult<F extends Fault = TextFault> =
  | { readonly ok: true; readonly document: PlanDocument; readonly warnings: readonly F[] }
  | { readonly ok: false; readonly faults: readonly F[]; readonly warnings: readonly F[] };

/** More than this is no list of faults any more. */
const FAULTS_MAX = 200;

/** Reads a plan file and checks it: every fault at once, each with its line and column. */
export function readPlan(text: string, options: ReadOptions = {}): ReadResult {
  const limits = options.limits ?? DEFAULT_LIMITS;
  const plain = withoutMark(text);
  const { file } = options;
  const read = readRawText(plain, options.syntax ?? syntaxOf(file), limits);
  if (!read.ok) {
    return { ok: false, faults: placeOffsets(read.faults, plain, file), warnings: [] };
  }
  const top = { text: plain, file, path: [], raw: read.raw };
  const included = includeFiles(top, limits, options.resolveFile);
  const judged = judgePlan(included.value, options, included);
  const place = (faults: readonly Fault[]): readonly TextFault[] =>
    placeFaults(faults.slice(0, FAULTS_MAX), included.sources);
  if (judged.document !== null) {
    return { ok: true, document: judged.document, warnings: place(judged.warnings) };
  }
  const faults = [...place(judged.faults), ...included.placed].slice(0, FAULTS_MAX);
  return { ok: false, faults, warnings: place(judged.warnings) };
}

/** The same for a plan that comes as a value, from a program or over the wire; pointers are places. */
export function readPlanValue(value: unknown, options: CheckOptions = {}): ReadResult<Fault> {
  const { document, faults, warnings } = judgeValue(value, options);
  if (document !== null) return { ok: true, document, warnings };
  return { ok: false, faults: faults.slice(0, FAULTS_MAX), warnings };
}
