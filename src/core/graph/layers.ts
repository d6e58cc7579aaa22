import { known } from "../known.ts";
import type { Graph, StepSpec } from "./graph.ts";

/**
 * What each step comes after (its needs, and the step that it stands in for), in an order in which
 * everything comes after what it needs. The graph has no circles.
 */
export function stepsBefore(graph: Graph): ReadonlyMap<string, readonly string[]> {
  const open = new Map<string, number>();
  const next: string[] = [];
  for (const spec of graph.specs.values()) {
    const count = beforeOf(spec).length;
    open.set(spec.key, count);
    if (count === 0) next.push(spec.key);
  }
  const ordered = new Map<string, readonly string[]>();
  for (const key of next) {
    const spec = known(graph.specs.get(key), key);
    ordered.set(key, beforeOf(spec));
    for (const after of afterOf(spec)) {
      const left = known(open.get(after), after) - 1;
      open.set(after, left);
      if (left === 0) next.push(after);
    }
  }
  return ordered;
}

/** Steps that may start together, wave by wave, if nothing takes longer than anything else. */
export function layersOf(
  before: ReadonlyMap<string, readonly string[]>,
): readonly (readonly string[])[] {
  const depths = new Map<string, number>();
  const layers: string[][] = [];
  for (const [key, needs] of before) {
    const depth = needs.reduce(
      (deepest, need) => Math.max(deepest, known(depths.get(need), need)),
      0,
    );
    depths.set(key, depth + 1);
    (layers[depth] ??= []).push(key);
  }
  return layers;
}

function beforeOf({ join, fallbackFor }: StepSpec): readonly string[] {
  return fallbackFor === null ? join.needs : [...join.needs, fallbackFor];
}

function afterOf({ dependents, fallback }: StepSpec): readonly string[] {
  return fallback === null ? dependents : [...dependents, fallback];
}
