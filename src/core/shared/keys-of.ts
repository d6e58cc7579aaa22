import type { Graph, StepSpec } from "../graph/graph.ts";
import type { LimitKey } from "./limit-key.ts";

/** What an attempt of a step takes one of each, where it is limited; in the order of keys. */
export function keysOf({
  pool,
  capability,
}: Pick<StepSpec, "pool" | "capability">): readonly LimitKey[] {
  return ["budget:attempts", `owner:${capability}`, `pool:${pool}`, "tenant"];
}

const known = new WeakMap<Graph, ReadonlySet<LimitKey>>();

/** What any attempt of a plan may take. */
export function keysOfGraph(graph: Graph): ReadonlySet<LimitKey> {
  let keys = known.get(graph);
  if (keys === undefined) {
    keys = new Set([...graph.specs.values()].flatMap(keysOf));
    known.set(graph, keys);
  }
  return keys;
}
