import { joinOf } from "../../core/graph/compile-graph.ts";
import type { Fault } from "../../core/graph/fault.ts";
import type { PlanDocument, StepDocument } from "../../core/plan/document.ts";
import { evaluateExpression, parseExpression } from "../expression.ts";
import { faultAt, type Path } from "./fault-at.ts";
import { onFailureWarnings } from "./on-failure-warnings.ts";

/** What is allowed and is perhaps not what was meant. */
export function planWarnings(
  document: PlanDocument,
  path: Path,
  tools: ReadonlySet<string> | null,
): readonly Fault[] {
  const steps = Object.entries(document.steps);
  return [
    ...verificationWarnings(document, path),
    ...steps.flatMap(([key, step]) => stepWarnings(step, [...path, "steps", key], tools)),
    ...deadStepWarnings(document, path),
  ];
}

function verificationWarnings(document: PlanDocument, path: Path): readonly Fault[] {
  const isChecked = Object.values(document.steps).some((step) => step.verify !== undefined);
  if (isChecked || document.policy?.verification !== undefined) return [];
  const message =
    "no step has checks: the plan completes whatever its steps bring; add verify, or say verification: none";
  return [faultAt("no-verification", path, message)];
}

function stepWarnings(
  step: StepDocument,
  path: Path,
  tools: ReadonlySet<string> | null,
): readonly Fault[] {
  const warnings: Fault[] = [];
  if (step.effect === undefined && isOpenEffect(step, tools)) {
    const message =
      "no effect is declared, so a crash in the middle asks a person: say effect: none, repeatable or once";
    warnings.push(faultAt("undeclared-effect", path, message));
  }
  const { request } = step;
  if (request !== undefined && (request.assignees ?? []).length === 0) {
    const message = "nobody is named to answer, so anybody who may decide can: add assignees";
    warnings.push(faultAt("no-assignee", [...path, "request"], message));
  }
  if (request !== undefined && isYesBySilence(request.onTimeout)) {
    const message = "nobody's silence approves this: is that what is meant?";
    warnings.push(faultAt("approved-by-silence", [...path, "request", "onTimeout"], message));
  }
  return [...warnings, ...onFailureWarnings(step, path)];
}

/** A tool that is known here has declared its effect itself. */
function isOpenEffect(step: StepDocument, tools: ReadonlySet<string> | null): boolean {
  if (step.do === "tool") return tools?.has(step.owner ?? "") !== true;
  return step.do === "command";
}

function isYesBySilence(onTimeout: unknown): boolean {
  if (typeof onTimeout !== "object" || onTimeout === null) return false;
  const answer: unknown = Reflect.get(onTimeout, "answer");
  return typeof answer === "object" && answer !== null && Reflect.get(answer, "approved") === true;
}

/** Steps whose condition is false whatever happens, and those that cannot start without them. */
function deadStepWarnings(document: PlanDocument, path: Path): readonly Fault[] {
  const dead = new Set<string>();
  const warnings: Fault[] = [];
  for (const [key, step] of Object.entries(document.steps)) {
    if (step.when === undefined || !isNever(step.when)) continue;
    dead.add(key);
    const message = `the condition of "${key}" is never true, so it is always skipped`;
    warnings.push(faultAt("dead-step", [...path, "steps", key, "when"], message));
  }
  if (dead.size === 0) return warnings;
  return [...warnings, ...deadDependents(document, dead, path)];
}

function deadDependents(document: PlanDocument, dead: Set<string>, path: Path): readonly Fault[] {
  const warnings: Fault[] = [];
  const dependents = dependentsOf(document);
  const open = [...dead];
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    for (const dependent of dependents.get(key) ?? []) {
      if (dead.has(dependent) || !diesWithout(document, dependent, dead)) continue;
      dead.add(dependent);
      open.push(dependent);
      const message = `"${dependent}" needs "${key}", which is always skipped, so it is skipped too`;
      warnings.push(faultAt("dead-step", [...path, "steps", dependent, "needs"], message));
    }
  }
  return warnings;
}

function dependentsOf(document: PlanDocument): ReadonlyMap<string, readonly string[]> {
  const dependents = new Map<string, string[]>();
  for (const [key, step] of Object.entries(document.steps)) {
    for (const need of joinOf(step.needs).needs) {
      const list = dependents.get(need);
      if (list === undefined) dependents.set(need, [key]);
      else list.push(key);
    }
  }
  return dependents;
}

function diesWithout(document: PlanDocument, key: string, dead: ReadonlySet<string>): boolean {
  const { mode, needs, allow } = joinOf(document.steps[key]?.needs);
  if (allow.includes("skipped")) return false;
  return mode === "all"
    ? needs.some((need) => dead.has(need))
    : needs.every((need) => dead.has(need));
}

function isNever(source: string): boolean {
  const reading = parseExpression(source);
  if (!reading.ok || reading.names.length > 0) return false;
  const result = evaluateExpression(source, { inputs: {}, plan: {}, step: () => undefined });
  return result.ok && result.value === false;
}
