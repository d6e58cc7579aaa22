import type { Limits } from "../limits.ts";
import type { NeedsDocument, PlanDocument, StepKind } from "../plan/document.ts";
import { fallbackOf, joinOf } from "./compile-graph.ts";
import { pointerOf, type Fault } from "./fault.ts";
import { findCycle, type Cycle } from "./find-cycle.ts";
import { nearest } from "./nearest.ts";

/** As many as anybody reads at once. */
const FAULTS_MAX = 200;
/** Finding what was meant costs far more than finding that it is not there. */
const HINTS_MAX = 10;

/** What is wrong with the graph of a text whose shape has been checked; all at once, up to 200. */
export function findFaults(document: PlanDocument, limits: Limits): Fault[] {
  const count = Object.keys(document.steps).length;
  if (count === 0) return [fault("no-steps", "a plan needs at least one step", ["steps"])];
  if (count > limits.stepsMax) {
    const message = `${count} steps are more than ${limits.stepsMax}`;
    return [fault("too-many-steps", message, ["steps"])];
  }
  const faults = [...needsFaults(document, limits).take(FAULTS_MAX), ...otherFaults(document)];
  return faults.slice(0, FAULTS_MAX);
}

function* otherFaults(document: PlanDocument): Generator<Fault, void> {
  yield* fallbackFaults(document);
  yield* verificationFaults(document);
  yield* fieldFaults(document);
  yield* quorumFaults(document);
  const cycle = findCycle(edgesOf(document));
  if (cycle !== null) yield cycleFault(document, cycle);
}

function* needsFaults(document: PlanDocument, limits: Limits): Generator<Fault, void> {
  const { steps } = document;
  const hint = hintsFrom(Object.keys(steps));
  for (const [key, { needs }] of Object.entries(steps)) {
    if (needs === undefined) continue;
    const { length } = joinOf(needs).needs;
    if (length > limits.needsPerStepMax) {
      const message = `${length} needs are more than ${limits.needsPerStepMax}`;
      yield fault("too-many-needs", message, ["steps", key, "needs"]);
      continue;
    }
    for (const [need, path] of writtenNeeds(needs)) {
      const at = ["steps", key, "needs", ...path];
      if (need === key) yield fault("self-need", `"${key}" needs itself`, at);
      if (Object.hasOwn(steps, need)) continue;
      const message = `"${key}" needs "${need}", which is not a step of this plan${hint(need)}`;
      yield fault("unknown-need", message, at);
    }
  }
}

/** Each need with its place; one that is written twice is looked at once. */
function* writtenNeeds(
  needs: NeedsDocument,
): Generator<readonly [string, readonly (string | number)[]]> {
  const seen = new Set<string>();
  const [path, list] =
    "all" in needs ? [["all"], needs.all] : "any" in needs ? [["any"], needs.any] : [[], needs];
  for (const [index, need] of list.entries()) {
    if (seen.has(need)) continue;
    seen.add(need);
    yield [need, [...path, index]];
  }
}

function hintsFrom(keys: readonly string[]): (name: string) => string {
  let left = HINTS_MAX;
  return (name) => {
    left -= 1;
    const meant = left < 0 ? null : nearest(name, keys);
    return meant === null ? "" : `; did you mean "${meant}"?`;
  };
}

/** A stand-in waits for the failure alone, and stands in for one step only. */
function* fallbackFaults(document: PlanDocument): Generator<Fault, void> {
  const { steps } = document;
  const takenBy = new Map<string, string>();
  for (const [key, step] of Object.entries(steps)) {
    const fallback = fallbackOf(step);
    if (fallback === null) continue;
    const at = ["steps", key, "onFailure", "fallback"];
    const target = Object.hasOwn(steps, fallback) ? steps[fallback] : undefined;
    if (target === undefined || fallback === key) {
      yield fault("unknown-fallback", `"${fallback}" is not another step of this plan`, at);
      continue;
    }
    const taken = takenBy.get(fallback);
    takenBy.set(fallback, key);
    if (taken !== undefined) {
      yield fault("fallback-taken", `"${fallback}" stands in for "${taken}" already`, at);
    } else if (joinOf(target.needs).needs.length > 0) {
      const message = `"${fallback}" stands in for "${key}" and starts when that fails; it cannot have needs`;
      yield fault("fallback-needs", message, ["steps", fallback, "needs"]);
    }
  }
}

function* verificationFaults({ policy, steps }: PlanDocument): Generator<Fault, void> {
  if (policy?.verification !== "required") return;
  if (Object.values(steps).some((step) => step.verify !== undefined)) return;
  const message = "verification is required, but no step has checks; add `verify:` to a step";
  yield fault("no-checks", message, ["policy", "verification"]);
}

/** What belongs to attempts, and so to a worker. */
const FIELDS_OF_WORK = ["at", "timeout", "idle", "retry", "output", "verify"] as const;
const WITHOUT_WORKER: ReadonlySet<StepKind> = new Set<StepKind>(["human", "wait", "plan"]);

/** A field that would be read by nobody is no promise that can be kept. */
function* fieldFaults({ steps }: PlanDocument): Generator<Fault, void> {
  for (const [key, step] of Object.entries(steps)) {
    if (!WITHOUT_WORKER.has(step.do)) continue;
    for (const field of FIELDS_OF_WORK.filter((name) => step[name] !== undefined)) {
      const message = `a step of kind ${step.do} has no ${field}: no worker carries it out`;
      yield fault("field-not-for-kind", message, ["steps", key, field]);
    }
  }
}

/** A promise of several votes that one person could break is none. */
function* quorumFaults({ steps }: PlanDocument): Generator<Fault, void> {
  for (const [key, { request }] of Object.entries(steps)) {
    if (request?.quorum === undefined || request.quorum === 1) continue;
    const message = `one answer decides a request: ask ${request.quorum} times, in steps of their own, for ${request.quorum} of them`;
    yield fault("quorum", message, ["steps", key, "request", "quorum"]);
  }
}

/** What each step waits for: what it needs, and a stand-in for the step that it stands in for. */
function edgesOf(document: PlanDocument): ReadonlyMap<string, readonly string[]> {
  const edges = new Map<string, string[]>();
  for (const [key, step] of Object.entries(document.steps)) {
    edges.set(
      key,
      joinOf(step.needs).needs.filter((need) => need !== key),
    );
  }
  for (const [key, step] of Object.entries(document.steps)) {
    const fallback = fallbackOf(step);
    if (fallback !== null && fallback !== key) edges.get(fallback)?.push(key);
  }
  return edges;
}

/** Steps of a circle that are named. */
const SHOWN_MAX = 20;

function cycleFault(document: PlanDocument, cycle: Cycle): Fault {
  const [first] = cycle;
  const more = cycle.length - SHOWN_MAX;
  const shown = more > 0 ? [...cycle.slice(0, SHOWN_MAX), `${more} more`] : cycle;
  const message = `these steps wait for each other in a circle: ${[...shown, first].join(" → ")}`;
  const at = document.steps[first]?.needs === undefined ? [] : ["needs"];
  return fault("cycle", message, ["steps", first, ...at]);
}

function fault(code: string, message: string, path: readonly (string | number)[]): Fault {
  return { code, message, pointer: pointerOf(path) };
}
