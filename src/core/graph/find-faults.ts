import type { Limits } from "../limits.ts";
import type { PlanDocument } from "../plan/document.ts";
import { fallbackOf, joinOf } from "./compile-graph.ts";
import { pointerOf, type Fault } from "./fault.ts";
import { findCycle } from "./find-cycle.ts";
import { nearest } from "./nearest.ts";

/** What is wrong with the graph of a text whose shape has been checked; every fault at once. */
export function findFaults(document: PlanDocument, limits: Limits): Fault[] {
  const keys = Object.keys(document.steps);
  if (keys.length === 0) return [fault("no-steps", "a plan needs at least one step", ["steps"])];
  if (keys.length > limits.stepsMax) {
    const message = `${keys.length} steps are more than ${limits.stepsMax}`;
    return [fault("too-many-steps", message, ["steps"])];
  }
  const faults = [
    ...keys.flatMap((key) => needFaults(document, key, limits)),
    ...fallbackFaults(document),
    ...verificationFaults(document),
  ];
  const cycle = findCycle(new Map(keys.map((key) => [key, edgesOf(document, key)])));
  if (cycle === null) return faults;
  const [first = ""] = cycle;
  const message = `these steps need each other in a circle: ${[...cycle, first].join(" → ")}`;
  return [...faults, fault("cycle", message, ["steps", first, "needs"])];
}

function needFaults(document: PlanDocument, key: string, limits: Limits): Fault[] {
  const step = document.steps[key];
  const { needs } = joinOf(step?.needs);
  const at = ["steps", key, "needs"];
  if (needs.length > limits.needsPerStepMax) {
    const message = `${needs.length} needs are more than ${limits.needsPerStepMax}`;
    return [fault("too-many-needs", message, at)];
  }
  return needs.flatMap((need) => {
    if (need === key) return [fault("self-need", `"${key}" needs itself`, at)];
    if (Object.hasOwn(document.steps, need)) return [];
    const hint = nearest(need, Object.keys(document.steps));
    const then = hint === null ? "" : `; did you mean "${hint}"?`;
    const message = `"${key}" needs "${need}", which is not a step of this plan${then}`;
    return [fault("unknown-need", message, needPath(document, key, need))];
  });
}

function needPath(document: PlanDocument, key: string, need: string): (string | number)[] {
  const needs = document.steps[key]?.needs;
  const path = ["steps", key, "needs"];
  if (needs === undefined) return path;
  if ("all" in needs) return [...path, "all", needs.all.indexOf(need)];
  if ("any" in needs) return [...path, "any", needs.any.indexOf(need)];
  return [...path, needs.indexOf(need)];
}

/** A stand-in waits for the failure alone, and stands in for one step only. */
function fallbackFaults(document: PlanDocument): Fault[] {
  const takenBy = new Map<string, string>();
  return Object.entries(document.steps).flatMap(([key, step]) => {
    const fallback = fallbackOf(step);
    if (fallback === null) return [];
    const at = ["steps", key, "onFailure", "fallback"];
    const target = Object.hasOwn(document.steps, fallback) ? document.steps[fallback] : undefined;
    if (target === undefined || fallback === key) {
      return [fault("unknown-fallback", `"${fallback}" is not another step of this plan`, at)];
    }
    const taken = takenBy.get(fallback);
    takenBy.set(fallback, key);
    if (taken !== undefined) {
      return [fault("fallback-taken", `"${fallback}" stands in for "${taken}" already`, at)];
    }
    if (joinOf(target.needs).needs.length === 0) return [];
    const message = `"${fallback}" stands in for "${key}" and starts when that fails; it cannot have needs`;
    return [fault("fallback-needs", message, ["steps", fallback, "needs"])];
  });
}

function verificationFaults(document: PlanDocument): Fault[] {
  if (document.policy?.verification !== "required") return [];
  if (Object.values(document.steps).some((step) => step.verify !== undefined)) return [];
  const message = "verification is required, but no step has checks; add `verify:` to a step";
  return [fault("no-checks", message, ["policy", "verification"])];
}

/** A stand-in comes after the step that it stands in for. */
function edgesOf(document: PlanDocument, key: string): readonly string[] {
  const step = document.steps[key];
  if (step === undefined) return [];
  return joinOf(step.needs).needs.filter((need) => need !== key);
}

function fault(code: string, message: string, path: readonly (string | number)[]): Fault {
  return { code, message, pointer: pointerOf(path) };
}
