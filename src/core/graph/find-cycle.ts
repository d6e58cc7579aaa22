/** At least one step, each waiting for the one before it, and the first for the last. */
export type Cycle = readonly [string, ...string[]];

/**
 * One circle among the edges, in the order of going round; null where there is none. Walks with a
 * stack of its own, so that a chain of any length is no danger.
 */
export function findCycle(edges: ReadonlyMap<string, readonly string[]>): Cycle | null {
  const done = new Set<string>();
  for (const start of edges.keys()) {
    if (done.has(start)) continue;
    const cycle = walk(start, edges, done);
    if (cycle !== null) return cycle;
  }
  return null;
}

function walk(
  start: string,
  edges: ReadonlyMap<string, readonly string[]>,
  done: Set<string>,
): Cycle | null {
  const path = [{ key: start, next: 0 }];
  const onPath = new Set([start]);
  for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
    const target = edges.get(top.key)?.[top.next];
    top.next += 1;
    if (target === undefined) {
      done.add(top.key);
      onPath.delete(top.key);
      path.pop();
    } else if (onPath.has(target)) {
      const keys = path.map((entry) => entry.key);
      return [top.key, ...keys.slice(keys.indexOf(target), -1).toReversed()];
    } else if (!done.has(target)) {
      path.push({ key: target, next: 0 });
      onPath.add(target);
    }
  }
  return null;
}
