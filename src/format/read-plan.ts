import type { Fault } from "../core/graph/fault.ts";
import { DEFAULT_LIMITS } from "../core/limits.ts";
import type { Json } from "../core/json.ts";
import type { PlanDocument } from "../core/plan/document.ts";
import { checkMendedPlan, checkPlan, type CheckOptions, type CheckResult } from "./check-plan.ts";
import { findJsonFaults } from "./find-json-faults.ts";
import { readShape, withoutSchemaAddress, type MendedPlan } from "./schema/read-shape.ts";
import { includeFiles, type Included, type ResolveFile } from "./text/include-files.ts";
import { pathOf, placeFaults, placeOffsets } from "./text/place-faults.ts";
import { readRawText, syntaxOf, withoutMark } from "./text/read-raw-text.ts";
import type { TextFault } from "./text/text-fault.ts";
import { textLimits, type Syntax } from "./text/text-limits.ts";

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
  const judged = judge(included.value, options, included);
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
  const limits = options.limits ?? DEFAULT_LIMITS;
  const strange = findJsonFaults(value, textLimits("json", limits));
  if (strange.length > 0) return { ok: false, faults: strange, warnings: [] };
  // What has passed the walk is JSON; written and read again it is nobody else's either.
  const json: Json = JSON.parse(JSON.stringify(value));
  const { document, faults, warnings } = judge(withoutSchemaAddress(json), options, NOTHING_INCLUDED);
  if (document !== null) return { ok: true, document, warnings };
  return { ok: false, faults: faults.slice(0, FAULTS_MAX), warnings };
}

const NOTHING_INCLUDED: Pick<Included, "faults" | "placed" | "broken"> = {
  faults: [],
  placed: [],
  broken: new Set(),
};

interface Judgement extends CheckResult {
  /** Null where there is any fault. */
  readonly document: PlanDocument | null;
}

function judge(
  value: Json,
  options: CheckOptions,
  included: Pick<Included, "faults" | "placed" | "broken">,
): Judgement {
  const shape = readShape(value);
  if (shape.ok && included.broken.size === 0) {
    const { faults, warnings } = checkPlan(shape.document, options);
    return { document: faults.length === 0 ? shape.document : null, faults, warnings };
  }
  const mended = shape.ok
    ? { document: shape.document, broken: included.broken, gone: new Set<string>() }
    : shape.mended;
  const faults = [...included.faults, ...(shape.ok ? [] : shape.faults)];
  if (mended === null) return { document: null, faults, warnings: [] };
  const broken = mended.broken.union(included.broken);
  const others = checkMendedPlan(mended.document, options, broken).filter(
    (fault) => !followsFromMending(fault, mended),
  );
  return { document: null, faults: withoutRepeats([...faults, ...others]), warnings: [] };
}

/** A step that is gone is missed where it is needed; that was not the fault. */
function followsFromMending(fault: Fault, { document, gone }: MendedPlan): boolean {
  if (fault.code === "no-steps") return gone.size > 0;
  if (fault.code !== "unknown-need" && fault.code !== "unknown-fallback") return false;
  let value: unknown = document;
  for (const part of pathOf(fault.pointer)) {
    value = typeof value === "object" && value !== null ? Reflect.get(value, part) : undefined;
  }
  return typeof value === "string" && gone.has(value);
}

function withoutRepeats(faults: readonly Fault[]): readonly Fault[] {
  const byPlace = new Map(faults.map((fault) => [`${fault.code} ${fault.pointer} ${fault.message}`, fault]));
  return [...byPlace.values()];
}
