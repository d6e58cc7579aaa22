import { fallbackOf, joinOf } from "../../core/graph/compile-graph.ts";
import type { PlanDocument } from "../../core/plan/document.ts";

/** Whether one step has always ended before another starts. */
export type Ancestry = (ancestor: string, step: string) => boolean;

/**
 * Who comes before whom, by needs and stand-ins. Most questions are answered by a numbering of one
 * tree of the graph (a step lies below another when its number lies in that one's range); the rest
 * by a walk up that keeps to levels in between. Null where the steps go round in a circle.
 *
 * Walks share one measure of work, in proportion to the graph: where that is used up the answer is
 * yes, and a step that looks at something that is not there yet fails when it runs, with its place.
 */
export function createAncestry(document: PlanDocument): Ancestry | null {
  const before = stepsBefore(document);
  const order = topologicalOrder(before);
  if (order === null) return null;
  const levels = levelsOf(order, before);
  const ranges = numberTree(order, before, levels);
  let work = 20 * (order.length + countEdges(before)) + 100_000;

  const isBelow = (ancestor: string, step: string): boolean => {
    const outer = ranges.get(ancestor);
    const inner = ranges.get(step);
    if (outer === undefined || inner === undefined) return false;
    return outer.first <= inner.first && inner.last <= outer.last;
  };
  const walkUp = (ancestor: string, step: string): boolean => {
    const level = levels.get(ancestor) ?? 0;
    const seen = new Set<string>();
    const open = [...(before.get(step) ?? [])];
    for (let key = open.pop(); key !== undefined; key = open.pop()) {
      work -= 1;
      if (work < 0 || isBelow(ancestor, key)) return true;
      if (seen.has(key) || (levels.get(key) ?? 0) <= level) continue;
      seen.add(key);
      open.push(...(before.get(key) ?? []));
    }
    return false;
  };
  return (ancestor, step) =>
    ancestor !== step && (isBelow(ancestor, step) || walkUp(ancestor, step));
}

type Edges = ReadonlyMap<string, readonly string[]>;

/**
 * A stand-in starts after the step that it stands in for has failed, and whoever needs that step
 * starts after its stand-in, too.
 */
function stepsBefore(document: PlanDocument): Edges {
  const { steps } = document;
  const before = new Map<string, string[]>();
  for (const key of Object.keys(steps)) before.set(key, []);
  for (const [key, step] of Object.entries(steps)) {
    const list = before.get(key);
    for (const need of joinOf(step.needs).needs) {
      const needed = Object.hasOwn(steps, need) ? steps[need] : undefined;
      if (needed === undefined) continue;
      list?.push(need);
      const standIn = fallbackOf(needed);
      if (standIn !== null && standIn !== key && before.has(standIn)) list?.push(standIn);
    }
    const fallback = fallbackOf(step);
    if (fallback !== null) before.get(fallback)?.push(key);
  }
  return before;
}

/** Every step after those before it; null where there is no such order. */
function topologicalOrder(before: Edges): readonly string[] | null {
  const waiting = new Map<string, number>();
  const after = new Map<string, string[]>();
  for (const [key, list] of before) {
    waiting.set(key, list.length);
    for (const earlier of list) {
      const later = after.get(earlier);
      if (later === undefined) after.set(earlier, [key]);
      else later.push(key);
    }
  }
  const order = [...before.keys()].filter((key) => waiting.get(key) === 0);
  // The list grows while it is gone through.
  for (const key of order) {
    for (const later of after.get(key) ?? []) {
      const left = (waiting.get(later) ?? 0) - 1;
      waiting.set(later, left);
      if (left === 0) order.push(later);
    }
  }
  return order.length === before.size ? order : null;
}

function levelsOf(order: readonly string[], before: Edges): ReadonlyMap<string, number> {
  const levels = new Map<string, number>();
  for (const key of order) {
    const above = (before.get(key) ?? []).map((earlier) => levels.get(earlier) ?? 0);
    levels.set(key, above.reduce((left, right) => Math.max(left, right), -1) + 1);
  }
  return levels;
}

interface Range {
  readonly first: number;
  last: number;
}

/** Numbers the steps along one tree: each hangs below the latest of those before it. */
function numberTree(
  order: readonly string[],
  before: Edges,
  levels: ReadonlyMap<string, number>,
): ReadonlyMap<string, Range> {
  const children = new Map<string | null, string[]>();
  for (const key of order) {
    const parent = latest(before.get(key) ?? [], levels);
    const siblings = children.get(parent);
    if (siblings === undefined) children.set(parent, [key]);
    else siblings.push(key);
  }
  const ranges = new Map<string, Range>();
  const open: { readonly key: string; readonly leaving: boolean }[] = [];
  const push = (keys: readonly string[]): void => {
    for (const key of keys) open.push({ key, leaving: false });
  };
  push(children.get(null) ?? []);
  for (let visit = open.pop(); visit !== undefined; visit = open.pop()) {
    const range = ranges.get(visit.key);
    if (visit.leaving && range !== undefined) {
      range.last = ranges.size - 1;
      continue;
    }
    ranges.set(visit.key, { first: ranges.size, last: ranges.size });
    open.push({ key: visit.key, leaving: true });
    push(children.get(visit.key) ?? []);
  }
  return ranges;
}

function latest(keys: readonly string[], levels: ReadonlyMap<string, number>): string | null {
  let best: string | null = null;
  for (const key of keys) {
    if (best === null || (levels.get(key) ?? 0) > (levels.get(best) ?? 0)) best = key;
  }
  return best;
}

function countEdges(before: Edges): number {
  let count = 0;
  for (const list of before.values()) count += list.length;
  return count;
}
