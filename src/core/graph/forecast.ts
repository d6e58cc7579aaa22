import { durationMs, formatDuration } from "../duration.ts";
import { known } from "../known.ts";
import type { Limits } from "../limits.ts";
import type { Effect, GateDocument, PlanDocument, StepDocument } from "../plan/document.ts";
import type { Pins } from "../plan/plan.ts";
import type { Policy } from "../plan/policy.ts";
import { compileGraph } from "./compile-graph.ts";
import type { Graph, StepSpec } from "./graph.ts";
import { layersOf, stepsBefore } from "./layers.ts";
import { longestPath, type Length } from "./longest-path.ts";

/** What a text means before anything of it is carried out. Steps of sub-plans are `key/innerKey`. */
export interface Forecast {
  /** Sub-plans' steps with them; each step of a list once. */
  readonly stepCount: number;
  /** Which steps of this plan may start together, if all took equally long. */
  readonly layers: readonly (readonly string[])[];
  /** The longest chain of steps that need each other. */
  readonly criticalPath: readonly string[];
  /** The chain on which people may hold the plan up longest; null where nobody is asked. */
  readonly peopleWait: PeopleWait | null;
  /** What a crash in the middle of a step means, for those where it may mean something. */
  readonly effects: readonly StepEffect[];
  readonly owners: readonly OwnedSteps[];
  /** Steps that are done once for each item of a list that is known at run time only. */
  readonly lists: readonly string[];
  readonly policy: readonly PolicyValue[];
}

export interface PeopleWait {
  readonly steps: readonly string[];
  /** Null where a question has no due time: as long as it takes. */
  readonly atMostMs: number | null;
}

export interface StepEffect {
  readonly stepKey: string;
  readonly effect: Exclude<Effect, "none">;
  /** Who says so: the text, the tool's own declaration, or nobody. */
  readonly origin: "text" | "tool" | "default";
}

/** A tool or a person, and what is theirs. */
export interface OwnedSteps {
  readonly owner: string;
  readonly steps: readonly string[];
}

/** One value of the effective policy, and whether the text says it. */
export interface PolicyValue {
  readonly name: string;
  readonly value: string | number;
  readonly origin: "text" | "default";
}

/** Foretells how a text that has passed the check will be carried out. */
export function forecastPlan(document: PlanDocument, pins: Pins, limits: Limits): Forecast {
  const graph = compileGraph(document, pins, limits);
  const inner = new Map<string, Forecast>();
  for (const [key, step] of Object.entries(document.steps)) {
    if (step.plan !== undefined) inner.set(key, forecastPlan(step.plan, pins, limits));
  }
  const before = stepsBefore(graph);
  const inners = [...inner];
  const all = [...graph.specs.values()];
  return {
    stepCount: all.length + inners.reduce((sum, [, { stepCount }]) => sum + stepCount, 0),
    layers: layersOf(before),
    criticalPath: criticalPath(before, inner),
    peopleWait: peopleWait(before, graph, inner),
    effects: [
      ...all.flatMap((spec) => effectOf(spec, pins)),
      ...inners.flatMap(([key, { effects }]) =>
        effects.map((effect) => ({ ...effect, stepKey: `${key}/${effect.stepKey}` })),
      ),
    ],
    owners: ownersOf(all, inners),
    lists: [
      ...all.filter((spec) => spec.forEach !== null).map((spec) => spec.key),
      ...inners.flatMap(([key, { lists }]) => within(key, lists)),
    ],
    policy: policyValues(document, graph.policy),
  };
}

type Before = ReadonlyMap<string, readonly string[]>;
type Inner = ReadonlyMap<string, Forecast>;

function criticalPath(before: Before, inner: Inner): string[] {
  const innerPath = (key: string) => inner.get(key)?.criticalPath ?? [];
  const path = longestPath(before, (key) => ({ major: 1 + innerPath(key).length, minor: 0 }));
  return path.keys.flatMap((key) => [key, ...within(key, innerPath(key))]);
}

/** Questions without a due time count first, then the time that those with one may take. */
function peopleWait(before: Before, graph: Graph, inner: Inner): PeopleWait | null {
  const stepFor = (key: string) => known(graph.document.steps[key], key);
  const { keys, length } = longestPath(before, (key) => waitOf(stepFor(key), inner.get(key)));
  const steps = keys.flatMap((key) => [
    ...(questionsOf(stepFor(key)).length === 0 ? [] : [key]),
    ...within(key, inner.get(key)?.peopleWait?.steps ?? []),
  ]);
  if (steps.length === 0) return null;
  return { steps, atMostMs: length.major > 0 ? null : length.minor };
}

function waitOf(step: StepDocument, inner: Forecast | undefined): Length {
  const waits = questionsOf(step).map(({ due }) => (due === undefined ? null : durationMs(due)));
  const deeper = inner?.peopleWait;
  if (deeper) waits.push(deeper.atMostMs);
  return {
    major: waits.filter((ms) => ms === null).length,
    minor: waits.reduce((sum: number, ms) => sum + (ms ?? 0), 0),
  };
}

/** What people are asked for a step: by the step itself, and by the gate before it. */
function questionsOf({
  request,
  approve,
}: StepDocument): Pick<GateDocument, "due" | "assignees">[] {
  const gate = approve === true ? {} : approve;
  return [request, gate].filter((question) => question !== undefined);
}

function effectOf({ key, document, effect }: StepSpec, pins: Pins): StepEffect[] {
  if (effect === "none") return [];
  const byTool = document.do === "tool" && pins.tools[document.owner ?? ""] !== undefined;
  const origin = document.effect !== undefined ? "text" : byTool ? "tool" : "default";
  return [{ stepKey: key, effect, origin }];
}

function ownersOf(
  specs: readonly StepSpec[],
  inners: readonly (readonly [string, Forecast])[],
): OwnedSteps[] {
  const owned = [
    ...specs.flatMap(({ key, document }) =>
      [...ownersOfStep(document)].map((owner) => ({ owner, steps: [key] })),
    ),
    ...inners.flatMap(([key, { owners }]) =>
      owners.map(({ owner, steps }) => ({ owner, steps: within(key, steps) })),
    ),
  ];
  return [...Map.groupBy(owned, ({ owner }) => owner)].map(([owner, parts]) => ({
    owner,
    steps: parts.flatMap(({ steps }) => steps),
  }));
}

function ownersOfStep({ owner, request, approve }: StepDocument): ReadonlySet<string> {
  const asked = [
    ...(request?.assignees ?? []),
    ...(approve === true ? [] : (approve?.assignees ?? [])),
  ];
  return new Set(owner === undefined ? asked : [owner, ...asked]);
}

function within(key: string, inner: readonly string[]): string[] {
  return inner.map((innerKey) => `${key}/${innerKey}`);
}

function policyValues({ policy = {} }: PlanDocument, effective: Policy): PolicyValue[] {
  const { retry = {} } = policy;
  return [
    line("approval", policy.approval, effective.approval),
    line("verification", policy.verification, effective.verification),
    line("concurrency", policy.concurrency, effective.concurrency),
    line("retry.attempts", retry.attempts, effective.retry.attempts),
    line("retry.first", retry.first, formatDuration(effective.retry.firstMs)),
    line("retry.factor", retry.factor, effective.retry.factor),
    line("retry.max", retry.max, formatDuration(effective.retry.maxMs)),
    line("budget.wall", policy.budget?.wall, formatDuration(effective.wallMs)),
    line("onRequest", policy.onRequest, effective.onRequest),
  ];
}

function line(name: string, written: unknown, value: string | number): PolicyValue {
  return { name, value, origin: written === undefined ? "default" : "text" };
}
