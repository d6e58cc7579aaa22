import { findFaults } from "../../core/graph/find-faults.ts";
import { pointerOf, type Fault } from "../../core/graph/fault.ts";
import { DEFAULT_LIMITS, type Limits } from "../../core/limits.ts";
import type { PlanDocument } from "../../core/plan/document.ts";
import { createAncestry } from "./ancestry.ts";
import { answerFaults, stepExpressionFaults } from "./expression-faults.ts";
import { faultAt, faultsBelow, type Path } from "./fault-at.ts";
import { planSchemaFaults, stepSchemaFaults } from "./schema-faults.ts";
import { stepFieldFaults, type Executors } from "./step-fields.ts";
import { subPlanInputFaults } from "./sub-plan-inputs.ts";
import { planWarnings } from "./warnings.ts";

export interface CheckOptions {
  readonly limits?: Limits;
  /** Kinds of steps that can be carried out; without them any kind passes. */
  readonly kinds?: ReadonlySet<string> | null;
  /** Names of the tools that are there; without them any name passes. */
  readonly tools?: ReadonlySet<string> | null;
}

/** What there is to say about a plan; pointers are into its document. */
export interface CheckResult {
  readonly faults: readonly Fault[];
  readonly warnings: readonly Fault[];
}

/** Checks a plan whose shape is right, and the sub-plans in it. */
export function checkDocument(document: PlanDocument, options: CheckOptions = {}): CheckResult {
  return checkLevel(document, [], 0, settings(options, new Set()));
}

/**
 * The same for a plan that was mended to go on checking: what may follow from the mending itself
 * is not said. `broken` are pointers of the steps that lost fields.
 */
export function checkMendedDocument(
  document: PlanDocument,
  options: CheckOptions,
  broken: ReadonlySet<string>,
): readonly Fault[] {
  return checkLevel(document, [], 0, settings(options, broken)).faults;
}

interface Settings {
  readonly limits: Limits;
  readonly executors: Executors;
  readonly broken: ReadonlySet<string>;
}

function settings(options: CheckOptions, broken: ReadonlySet<string>): Settings {
  const { limits = DEFAULT_LIMITS, kinds = null, tools = null } = options;
  return { limits, executors: { kinds, tools }, broken };
}

function checkLevel(
  document: PlanDocument,
  path: Path,
  depth: number,
  given: Settings,
): CheckResult {
  if (depth > given.limits.depthMax) {
    const message = `plans are nested more than ${given.limits.depthMax} deep`;
    return { faults: [faultAt("too-deep", path, message)], warnings: [] };
  }
  const ownFaults = faultsBelow(path, findFaults(document, given.limits));
  // A graph that is too large is not looked at any further.
  if (ownFaults.some((fault) => fault.code === "too-many-steps")) {
    return { faults: ownFaults, warnings: [] };
  }
  const below = subPlans(document, path).map(([plan, at]) =>
    checkLevel(plan, at, depth + 1, given),
  );
  const faults = [...ownFaults, ...levelFaults(document, path, given)];
  const warnings =
    given.broken.size === 0 ? planWarnings(document, path, given.executors.tools) : [];
  return {
    faults: [...faults, ...below.flatMap((result) => result.faults)],
    warnings: [...warnings, ...below.flatMap((result) => result.warnings)],
  };
}

/** What may be wrong with a step only because it lost a field. */
const FOLLOWS_FROM_LOSS: ReadonlySet<string> = new Set([
  "missing-field",
  "conflicting-fields",
  "unknown-executor",
  "missing-input",
  "field-not-for-kind",
]);

function levelFaults(document: PlanDocument, path: Path, given: Settings): readonly Fault[] {
  const { broken, executors } = given;
  const schemas = document.schemas ?? {};
  const ancestry = broken.size === 0 ? createAncestry(document) : null;
  const judging = { document, ancestry, stepKeys: Object.keys(document.steps) };
  const faults = Object.entries(document.steps).flatMap(([key, step]) => {
    const at = [...path, "steps", key];
    const found = [
      ...stepFieldFaults(step, at, executors),
      ...stepSchemaFaults(step, schemas, at),
      ...stepExpressionFaults(judging, key, at),
      ...subPlanInputFaults(step, at),
    ];
    if (!broken.has(pointerOf(at))) return found;
    return found.filter((fault) => !FOLLOWS_FROM_LOSS.has(fault.code));
  });
  return [...planSchemaFaults(document, path), ...faults, ...answerFaults(judging, path)];
}

function subPlans(document: PlanDocument, path: Path): readonly (readonly [PlanDocument, Path])[] {
  return Object.entries(document.steps).flatMap(([key, step]) =>
    step.plan === undefined ? [] : [[step.plan, [...path, "steps", key, "plan"]] as const],
  );
}
