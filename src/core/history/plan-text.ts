import type {
  Effect,
  ForEachDocument,
  NeedsDocument,
  PlanDocument,
  StepDocument,
} from "../plan/document.ts";
import type { Json } from "../json.ts";
import type { Pins } from "../plan/plan.ts";

/** What the text says of one step, as far as a history can be held against it. */
export interface StepText {
  readonly key: string;
  readonly needs: readonly string[];
  readonly join: "all" | "any";
  /** Ends of a need besides success that count as met. */
  readonly allow: ReadonlySet<string>;
  /** People, timers, sub-plans and lists need no worker: the plan opens them itself. */
  readonly opensItself: boolean;
  /** Whether it works through a run-time list, and what each child of it is then. */
  readonly child: StepText | null;
  /** Children of a list under way at once; null where any number may. */
  readonly childrenMax: number | null;
  /** The input as it is written, expressions and all. */
  readonly input: Json;
  /** Whether people are asked before the first attempt. */
  readonly isGated: boolean;
  /** Whether the plan fails when it does. */
  readonly isRequired: boolean;
  /** The step that stands in when it fails for good, and the steps that it stands in for. */
  readonly fallback: string | null;
  readonly standsInFor: readonly string[];
  /** What a crash inside means by the text, the pinned tool or the kind; null where none says. */
  readonly effect: Effect | null;
  /** Starts of one piece of work, the first among them. */
  readonly attemptsMax: number;
  /** How often failed checks go back as feedback. */
  readonly loopsMax: number;
  /** What an attempt of it may take of the limits that plans share. */
  readonly shares: ReadonlySet<string>;
}

/** A second, simple reading of a plan's text: no other code of the rules had a hand in it. */
export interface PlanText {
  readonly steps: ReadonlyMap<string, StepText>;
  readonly concurrency: number;
  readonly needsVerification: boolean;
  /** Whether nothing starts while a request is open. */
  readonly pausesOnRequest: boolean;
}

const ATTEMPTS = 3;
const CONCURRENCY = 5;
const LOOPS = 0;
const SELF_OPENING: ReadonlySet<string> = new Set(["human", "wait", "plan"]);

export function readPlanText(document: PlanDocument, pins: Pins): PlanText {
  const standIns = standInsOf(document);
  const steps = new Map<string, StepText>();
  for (const [key, step] of Object.entries(document.steps)) {
    const standsInFor = standIns.get(key) ?? [];
    steps.set(key, readStep(key, step, { standsInFor, document, pins }));
  }
  return {
    steps,
    concurrency: document.policy?.concurrency ?? CONCURRENCY,
    needsVerification: document.policy?.verification === "required",
    pausesOnRequest: document.policy?.onRequest === "pause",
  };
}

interface Around {
  readonly standsInFor: readonly string[];
  readonly document: PlanDocument;
  readonly pins: Pins;
}

function readStep(key: string, step: StepDocument, around: Around): StepText {
  const plain: StepText = {
    key,
    ...readNeeds(step.needs ?? []),
    opensItself: SELF_OPENING.has(step.do),
    child: null,
    childrenMax: null,
    input: step.with ?? {},
    isGated: step.approve !== undefined,
    isRequired: step.onFailure !== "continue" && around.standsInFor.length === 0,
    fallback: fallbackOf(step),
    standsInFor: around.standsInFor,
    effect: step.effect ?? effectOfKind(step, around.pins),
    attemptsMax: step.retry?.attempts ?? around.document.policy?.retry?.attempts ?? ATTEMPTS,
    loopsMax: step.verify?.loops ?? LOOPS,
    shares: sharesOf(step),
  };
  return step.forEach === undefined ? plain : readList(plain, step.forEach);
}

function sharesOf(step: StepDocument): ReadonlySet<string> {
  const owner = step.do === "tool" ? `owner:tool:${step.owner}` : `owner:${step.do}`;
  return new Set([`pool:${step.pool ?? "default"}`, owner, "tenant", "budget:attempts"]);
}

/** People are asked before each child, not before the list; the list alone can fail the plan. */
function readList(plain: StepText, list: ForEachDocument | string): StepText {
  return {
    ...plain,
    opensItself: true,
    isGated: false,
    childrenMax: typeof list === "string" ? null : (list.concurrency ?? null),
    child: { ...plain, needs: [], isRequired: false, fallback: null, standsInFor: [] },
  };
}

/** A command may do anything; a tool what it was pinned with, else anything, too. */
function effectOfKind(step: StepDocument, pins: Pins): Effect | null {
  if (step.do === "command") return "once";
  return step.do === "tool" ? (pins.tools[step.owner ?? ""]?.effect ?? "once") : null;
}

function readNeeds(needs: NeedsDocument): Pick<StepText, "needs" | "join" | "allow"> {
  if ("any" in needs) return { needs: needs.any, join: "any", allow: new Set(needs.allow) };
  if ("all" in needs) return { needs: needs.all, join: "all", allow: new Set(needs.allow) };
  return { needs, join: "all", allow: new Set() };
}

function standInsOf(document: PlanDocument): ReadonlyMap<string, readonly string[]> {
  const standIns = new Map<string, string[]>();
  for (const [key, step] of Object.entries(document.steps)) {
    const fallback = fallbackOf(step);
    if (fallback !== null) standIns.set(fallback, [...(standIns.get(fallback) ?? []), key]);
  }
  return standIns;
}

function fallbackOf(step: StepDocument): string | null {
  return typeof step.onFailure === "object" ? step.onFailure.fallback : null;
}
