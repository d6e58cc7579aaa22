import { compileGraph } from "../graph/compile-graph.ts";
import { isJsonObject, type Json } from "../json.ts";
import { known } from "../known.ts";
import { laneOf } from "../step/lane-of.ts";
import { createReadyLanes, laneKey, type StoodIn } from "../step/ready-lanes.ts";
import { standInLine } from "../step/stand-in-line.ts";
import type { ReadyStep, Step } from "../step/step.ts";
import { createTable, type Table } from "../table.ts";
import type { RevisionLookup } from "./evolve.ts";
import type { Plan } from "./plan.ts";

/** Grows when a folded plan gets another shape: what was frozen in another one is folded anew. */
const FORMAT = 2;

const TABLES = [
  "steps",
  "unsettledNeeds",
  "metNeeds",
  "expansions",
  "requests",
  "refused",
  "signals",
  "signalKeys",
  "signalWaiters",
  "signalQueues",
  "children",
  "running",
] as const;
type TableName = (typeof TABLES)[number];

type Entries<T> = T extends Table<infer V> ? readonly (readonly [string, V])[] : never;

interface FrozenPlan {
  readonly format: number;
  readonly revision: { readonly number: number; readonly digest: string };
  readonly head: Omit<Plan, TableName | "revision" | "graph" | "lanes">;
  readonly tables: { readonly [N in TableName]: Entries<Plan[N]> };
  readonly lanes: readonly StoodIn[];
}

/** A folded plan as data, without what its text says. */
export function freezePlan(plan: Plan): Json {
  const { revision, lanes } = plan;
  const left: ReadonlySet<string> = new Set([...TABLES, "revision", "graph", "lanes"]);
  return plainOf({
    format: FORMAT,
    revision: { number: revision.number, digest: revision.digest },
    head: Object.fromEntries(Object.entries(plan).filter(([name]) => !left.has(name))),
    tables: Object.fromEntries(TABLES.map((name) => [name, [...plan[name].entries()]])),
    lanes: lanes.states().map(({ lane, since }) => ({ lane, since })),
  });
}

/**
 * The plan that was frozen, as it was; null where it was frozen in another format or of another
 * text, and must be folded from its events.
 */
export function thawPlan(json: Json, revisions: RevisionLookup): Plan | null {
  if (!isJsonObject(json) || json["format"] !== FORMAT) return null;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `freezePlan` wrote it, in this format
  const { head, tables, lanes, revision: named } = json as unknown as FrozenPlan;
  const revision = revisions(named.number);
  if (revision.digest !== named.digest) return null;
  const plan: Plan = {
    ...head,
    revision,
    graph: compileGraph(revision.document, revision.pins, head.limits),
    steps: createTable(tables.steps),
    unsettledNeeds: createTable(tables.unsettledNeeds),
    metNeeds: createTable(tables.metNeeds),
    expansions: createTable(tables.expansions),
    requests: createTable(tables.requests),
    refused: createTable(tables.refused),
    signals: createTable(tables.signals),
    signalKeys: createTable(tables.signalKeys),
    signalWaiters: createTable(tables.signalWaiters),
    signalQueues: createTable(tables.signalQueues),
    children: createTable(tables.children),
    running: createTable(tables.running),
    lanes: createReadyLanes(lanes),
  };
  fillLanes(plan);
  return plan;
}

/** Ready steps stand in line in the order in which they were readied; since when, the lanes know. */
function fillLanes(plan: Plan): void {
  const since = new Map(plan.lanes.states().map((state) => [laneKey(state.lane), state.since]));
  const ready = [...plan.steps.entries()].map(([, step]) => step).filter(isReady);
  for (const step of ready.toSorted((left, right) => left.readiedSeq - right.readiedSeq)) {
    standInLine(plan, step, known(since.get(laneKey(laneOf(plan, step))), step.key));
  }
}

function isReady(step: Step): step is ReadyStep {
  return step.status === "ready";
}

function plainOf(value: object): Json {
  return JSON.parse(JSON.stringify(value));
}
