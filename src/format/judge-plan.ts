import type { Fault } from "../core/graph/fault.ts";
import { DEFAULT_LIMITS } from "../core/limits.ts";
import type { Json } from "../core/json.ts";
import type { PlanDocument } from "../core/plan/document.ts";
import {
  checkDocument,
  checkMendedDocument,
  type CheckOptions,
  type CheckResult,
} from "./check/check-document.ts";
import { findJsonFaults } from "./find-json-faults.ts";
import { readShape, withoutSchemaAddress, type MendedPlan } from "./schema/read-shape.ts";
import { pathOf } from "./text/place-faults.ts";
import { findSizeFault, textLimits } from "./text/text-limits.ts";

/** What a value came to as a plan; pointers are into the value. */
export interface Judgement extends CheckResult {
  /** Null where there is any fault. */
  readonly document: PlanDocument | null;
}

/** What was found while the value was put together from files. */
export interface Beforehand {
  readonly faults: readonly Fault[];
  /** Pointers of steps whose sub-plan could not be read. */
  readonly broken: ReadonlySet<string>;
}

/** Judges whatever a program hands over as a plan: first whether it is JSON at all. */
export function judgeValue(value: unknown, options: CheckOptions): Judgement {
  const limits = textLimits("json", options.limits ?? DEFAULT_LIMITS);
  const faults = findJsonFaults(value, limits);
  if (faults.length > 0) return { document: null, faults, warnings: [] };
  // What has passed the walk is JSON; written and read again it is nobody else's either.
  const text = JSON.stringify(value);
  const tooLarge = findSizeFault(text, limits);
  if (tooLarge !== null) {
    const fault = { code: "too-large", message: tooLarge, pointer: "" };
    return { document: null, faults: [fault], warnings: [] };
  }
  const json: Json = JSON.parse(text);
  return judgePlan(withoutSchemaAddress(json), options, { faults: [], broken: new Set() });
}

/** Judges JSON as a plan: its shape, and all that its parts have to do with each other. */
export function judgePlan(value: Json, options: CheckOptions, before: Beforehand): Judgement {
  const shape = readShape(value);
  if (shape.ok && before.broken.size === 0) {
    const { faults, warnings } = checkDocument(shape.document, options);
    return { document: faults.length === 0 ? shape.document : null, faults, warnings };
  }
  const mended = shape.ok
    ? { document: shape.document, broken: before.broken, gone: new Set<string>() }
    : shape.mended;
  const faults = [...before.faults, ...(shape.ok ? [] : shape.faults)];
  if (mended === null) return { document: null, faults, warnings: [] };
  const broken = mended.broken.union(before.broken);
  const others = checkMendedDocument(mended.document, options, broken).filter(
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
  const byPlace = new Map(
    faults.map((fault) => [`${fault.code} ${fault.pointer} ${fault.message}`, fault]),
  );
  return [...byPlace.values()];
}
