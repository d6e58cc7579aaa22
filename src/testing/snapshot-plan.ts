import { canonicalJson } from "../core/canonical-json.ts";
import type { Json } from "../core/json.ts";
import type { Plan } from "../core/plan/plan.ts";
import { laneKey } from "../core/step/ready-lanes.ts";
import type { Table } from "../core/table.ts";

/**
 * All that a folded plan remembers, as one text: two folds are the same where their texts are.
 * Leaves out what follows from the text of the plan (its graph).
 */
export function snapshotPlan(plan: Plan): string {
  const { graph, lanes, ...rest } = plan;
  const members: Record<string, Json> = Object.create(null);
  for (const [name, value] of Object.entries(rest)) {
    members[name] = isTable(value) ? entriesOf(value) : plain(value);
  }
  return canonicalJson({ ...members, stepCount: graph.specs.size, lanes: lanesOf(plan, lanes) });
}

function isTable(value: unknown): value is Table<unknown> {
  return typeof value === "object" && value !== null && "entries" in value && "size" in value;
}

/** In the order of keys: a fold that came by another way may have met them in another order. */
function entriesOf(table: Table<unknown>): Json {
  const sorted = [...table.entries()].toSorted(([left], [right]) => (left < right ? -1 : 1));
  return { size: table.size, entries: sorted.map(([key, value]) => [key, plain(value)]) };
}

/** Who stands where, and who would be the next of each lane now and later. */
function lanesOf(plan: Plan, lanes: Plan["lanes"]): Json {
  const states = lanes.states().filter(({ ready, nextAt }) => ready > 0 || nextAt !== null);
  return states
    .toSorted((left, right) => (laneKey(left.lane) < laneKey(right.lane) ? -1 : 1))
    .map((state) => {
      const first = lanes.first(state.lane, plan.time);
      const last = lanes.first(state.lane, Number.MAX_SAFE_INTEGER);
      const since = state.ready > 0 ? state.since : null;
      const priority = state.ready > 0 ? state.priority : null;
      return plain({ ...state, since, priority, first, last });
    });
}

function plain(value: unknown): Json {
  return value === undefined ? null : JSON.parse(JSON.stringify(value));
}
