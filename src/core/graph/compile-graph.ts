import type { Effect, NeedsDocument, PlanDocument, StepDocument } from "../plan/document.ts";
import { effectivePolicy } from "../plan/policy.ts";
import type { Limits } from "../limits.ts";
import type { Pins } from "../plan/plan.ts";
import type { Graph, Join, StepSpec } from "./graph.ts";

/** Makes the graph of a text that has passed the check. */
export function compileGraph(document: PlanDocument, pins: Pins, limits: Limits): Graph {
  const dependents = new Map<string, string[]>();
  const fallbackFor = new Map<string, string>();
  for (const [key, step] of Object.entries(document.steps)) {
    for (const need of joinOf(step.needs).needs) addTo(dependents, need, key);
    const fallback = fallbackOf(step);
    if (fallback !== null) fallbackFor.set(fallback, key);
  }
  const specs = new Map<string, StepSpec>();
  for (const [key, step] of Object.entries(document.steps)) {
    const spec: StepSpec = {
      key,
      document: step,
      kind: step.do,
      effect: effectOf(step, pins),
      join: joinOf(step.needs),
      dependents: dependents.get(key) ?? NONE,
      required: step.onFailure !== "continue" && !fallbackFor.has(key),
      fallbackFor: fallbackFor.get(key) ?? null,
      fallback: fallbackOf(step),
      forEach: forEachOf(step),
      pool: step.pool ?? "default",
      capability: step.do === "tool" ? `tool:${step.owner}` : step.do,
      priority: step.priority ?? 0,
      child: null,
    };
    specs.set(key, spec.forEach === null ? spec : { ...spec, child: childOf(spec) });
  }
  const all = [...specs.values()];
  return {
    document,
    policy: effectivePolicy(document, limits),
    specs,
    roots: all
      .filter((spec) => spec.join.needs.length === 0 && spec.fallbackFor === null)
      .map((spec) => spec.key),
  };
}

const NONE: readonly string[] = [];

/** A child does the same work as its parent, with one item, and has no place in the graph. */
function childOf(spec: StepSpec): StepSpec {
  const join: Join = { mode: "all", needs: NONE, allow: [] };
  return { ...spec, join, dependents: NONE, forEach: null, fallback: null, fallbackFor: null };
}

/** A step's needs in their one full form. */
export function joinOf(needs: NeedsDocument | undefined): Join {
  if (needs === undefined) return { mode: "all", needs: NONE, allow: [] };
  if ("all" in needs) return { mode: "all", needs: unique(needs.all), allow: needs.allow ?? [] };
  if ("any" in needs) return { mode: "any", needs: unique(needs.any), allow: needs.allow ?? [] };
  return { mode: "all", needs: unique(needs), allow: [] };
}

/** The step that stands in for one that fails for good. */
export function fallbackOf(step: StepDocument): string | null {
  return typeof step.onFailure === "object" ? step.onFailure.fallback : null;
}

/** What a crash inside a step means: what its text says, else what its tool is pinned with. */
export function effectOf(step: StepDocument, pins: Pins): Effect {
  if (step.effect !== undefined) return step.effect;
  if (step.do === "tool") return pins.tools[step.owner ?? ""]?.effect ?? "once";
  return DEFAULT_EFFECT[step.do];
}

const DEFAULT_EFFECT: Readonly<Record<StepDocument["do"], Effect>> = {
  command: "once",
  tool: "once",
  agent: "once",
  external: "once",
  verify: "repeatable",
  human: "none",
  wait: "none",
  plan: "none",
};

function forEachOf(step: StepDocument): StepSpec["forEach"] {
  if (step.forEach === undefined) return null;
  if (typeof step.forEach === "string") return { items: step.forEach, concurrency: null };
  return { items: step.forEach.items, concurrency: step.forEach.concurrency ?? null };
}

function addTo(lists: Map<string, string[]>, key: string, value: string): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

function unique(keys: readonly string[]): readonly string[] {
  return [...new Set(keys)];
}
