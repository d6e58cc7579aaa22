import { formatTimestamp } from "../../core/timestamp.ts";
import type {
  CheckDocument,
  NeedsDocument,
  OnTimeoutDocument,
  PlanDocument,
  RequestDocument,
  StepDocument,
  StepKind,
  WaitDocument,
} from "../../core/plan/document.ts";
import type { Chance } from "../chance.ts";
import type { PlanShape } from "./draw-plan.ts";

/** Kinds that a worker carries out, in attempts. */
export const MAY_LIST: ReadonlySet<StepKind> = new Set<StepKind>([
  "command",
  "tool",
  "agent",
  "external",
]);

/** Signals that drawn plans wait for. */
export const SIGNALS: readonly string[] = ["green", "amber"];

/** A pool that no worker serves. */
export const UNSERVED_POOL = "nobody";

export interface Around {
  /** Keys of the steps before it, which it may need. */
  readonly before: readonly string[];
  readonly shape: PlanShape;
  readonly subPlan: () => PlanDocument;
}

/** One lawful step of any kind. */
export function drawStep(chance: Chance, around: Around): StepDocument {
  const needs = drawNeeds(chance.of("needs"), around.before);
  const needed = namesOf(needs);
  const kind = chance.pickWeighted(weightsOf(around, needed), "kind");
  return {
    ...ofKind(kind, chance.of(kind), { ...around, needed }),
    ...(needs === null ? {} : { needs }),
    ...drawCondition(chance, needed),
    ...drawList(kind, chance.of("list"), needed),
    ...drawOnFailure(chance),
  };
}

/** What a step may speak of. */
interface Sight extends Around {
  /** Keys of the steps that it needs. */
  readonly needed: readonly string[];
}

function weightsOf(
  { shape }: Around,
  needed: readonly string[],
): Readonly<Record<StepKind, number>> {
  return {
    tool: 30,
    command: 22,
    agent: 10,
    external: 4,
    verify: needed.length > 0 ? 6 : 0,
    human: 12,
    wait: 14,
    plan: shape.depth > 0 ? 10 : 0,
  };
}

function drawNeeds(chance: Chance, before: readonly string[]): NeedsDocument | null {
  const needed = before.filter((key) => chance.happens(1.4 / before.length, key));
  if (needed.length === 0) return null;
  switch (chance.pickWeighted({ list: 5, all: 2, any: 3 }, "join")) {
    case "list":
      return needed;
    case "all":
      return { all: needed, ...drawAllow(chance) };
    case "any":
      return { any: needed, ...drawAllow(chance) };
  }
}

function drawAllow(chance: Chance): { readonly allow?: readonly ("skipped" | "failed")[] } {
  const allows = [["skipped"], ["failed"], ["skipped", "failed"]] as const;
  return chance.happens(0.6, "allow") ? { allow: chance.pick(allows, "allowed") } : {};
}

function namesOf(needs: NeedsDocument | null): readonly string[] {
  if (needs === null) return [];
  if ("all" in needs) return needs.all;
  return "any" in needs ? needs.any : needs;
}

function drawCondition(chance: Chance, needs: readonly string[]): { readonly when?: string } {
  if (!chance.happens(0.18, "when")) return {};
  const [need] = needs;
  const conditions = ["inputs.flag", "!inputs.flag", "size(inputs.list) > 1"];
  if (need !== undefined) conditions.push(`steps['${need}'].status == 'succeeded'`);
  // Neither true nor false, which fails the step.
  if (chance.happens(0.08, "broken")) return { when: "inputs.count" };
  return { when: chance.pick(conditions, "condition") };
}

function drawList(
  kind: StepKind,
  chance: Chance,
  needs: readonly string[],
): Pick<StepDocument, "forEach"> {
  const rate = MAY_LIST.has(kind) ? 0.16 : kind === "verify" ? 0 : 0.06;
  if (!chance.happens(rate, "has")) return {};
  const [need] = needs;
  const lists = ["inputs.list", "[1, 2, 3, 4]", "[]", "['one']"];
  if (need !== undefined) lists.push(`steps['${need}'].output.items`);
  const items = chance.pick(lists, "items");
  if (chance.happens(0.4, "bare")) return { forEach: items };
  return { forEach: { items, concurrency: chance.between(1, 3, "concurrency") } };
}

function drawOnFailure(chance: Chance): Pick<StepDocument, "onFailure"> {
  const drawn = chance.pickWeighted({ none: 8, fail: 1, continue: 5, ask: 3 }, "on-failure");
  return drawn === "none" ? {} : { onFailure: drawn };
}

function ofKind(kind: StepKind, chance: Chance, around: Sight): StepDocument {
  switch (kind) {
    case "tool":
      return { do: kind, owner: "work", ...drawInput(chance, around), ...drawWork(chance, around) };
    case "command":
      return {
        do: kind,
        with: { argv: ["make", "${{ string(inputs.count) }}"] },
        ...drawWork(chance, around),
      };
    case "agent":
    case "external":
      return { do: kind, owner: "writer", ...drawWork(chance, around) };
    case "verify":
      return drawVerify(chance, around);
    case "human":
      return { do: kind, request: drawRequest(chance) };
    case "wait":
      return { do: kind, wait: drawWait(chance, around.shape.now) };
    case "plan":
      return { do: kind, plan: around.subPlan() };
  }
}

function drawInput(chance: Chance, { needed }: Sight): Pick<StepDocument, "with"> {
  const [need] = needed;
  if (need === undefined || chance.happens(0.5, "input")) return {};
  return { with: { before: `\${{ steps['${need}'].output }}`, text: "${{ inputs.text }}!" } };
}

/** What a step that is carried out in attempts may say of them. */
function drawWork(chance: Chance, { shape }: Around): Omit<StepDocument, "do"> {
  const effect = chance.pickWeighted({ none: 3, repeatable: 4, once: 4, unsaid: 1 }, "effect");
  const later = (ms: number): string => formatTimestamp(shape.now + ms);
  return {
    ...(effect === "unsaid" ? {} : { effect }),
    timeout: chance.pick(["3s", "8s", "25s"], "timeout"),
    priority: chance.between(-1, 2, "priority"),
    pool: chance.pickWeighted({ default: 16, heavy: 5, [UNSERVED_POOL]: 0.3 }, "pool"),
    ...(chance.happens(0.15, "idle") ? { idle: chance.pick(["1s", "4s"], "idle-time") } : {}),
    ...(chance.happens(0.14, "gate") ? { approve: drawGate(chance) } : {}),
    ...(chance.happens(0.06, "at") ? { at: later(chance.between(-5000, 90_000, "start")) } : {}),
    ...(chance.happens(0.25, "retry")
      ? { retry: { attempts: chance.between(1, 4, "attempts"), first: "200ms" } }
      : {}),
    ...(chance.happens(0.4, "schema") ? { output: chance.pick(["shape", SCHEMA], "which") } : {}),
    ...(chance.happens(0.25, "verified")
      ? { verify: { checks: drawChecks(chance, "output"), loops: chance.between(0, 3, "loops") } }
      : {}),
  };
}

const SCHEMA = {
  type: "object",
  required: ["value"],
  properties: { value: { type: "integer" } },
};

function drawGate(chance: Chance): NonNullable<StepDocument["approve"]> {
  return chance.happens(0.5, "plain") ? true : { due: chance.pick(["5s", "2m"], "due") };
}

function drawChecks(chance: Chance, subject: string): readonly CheckDocument[] {
  const all: readonly CheckDocument[] = [
    { expression: `${subject}.value > 0` },
    { schema: "shape" },
    { command: { argv: ["test", "-f", "out"] } },
  ];
  const some = all.filter((_, index) => chance.happens(0.5, "check", index));
  return some.length === 0 ? all.slice(0, 1) : some;
}

function drawVerify(chance: Chance, { needed }: Sight): StepDocument {
  const subject = chance.pick(needed, "subject");
  return {
    do: "verify",
    timeout: "8s",
    with: { subject: `\${{ steps['${subject}'].output }}` },
    verify: { checks: drawChecks(chance, "output"), loops: chance.between(0, 1, "loops") },
  };
}

function drawRequest(chance: Chance): RequestDocument {
  const kind = chance.pick(["approval", "input", "choice", "review"], "asked");
  const due = chance.happens(0.4, "has-due")
    ? { due: chance.pick(["4s", "20s", "5m"], "due"), onTimeout: drawOnTimeout(kind, chance) }
    : {};
  const form = {
    type: "object",
    required: ["name"],
    properties: { name: { type: "string" }, age: { type: "integer" } },
  };
  return {
    kind,
    title: `Say ${kind}`,
    ...(kind === "input" ? { form } : {}),
    ...(kind === "choice" ? { options: [{ value: "left" }, { value: "right" }] } : {}),
    ...due,
  };
}

function drawOnTimeout(kind: RequestDocument["kind"], chance: Chance): OnTimeoutDocument {
  const answers = {
    approval: { approved: false },
    review: { approved: true },
    input: { name: "nobody" },
    choice: "left",
  };
  const drawn = chance.pick(["fail", "skip", "answer"], "on-timeout");
  return drawn === "answer" ? { answer: answers[kind] } : drawn;
}

function drawWait(chance: Chance, now: number): WaitDocument {
  switch (chance.pickWeighted({ for: 4, until: 1, signal: 4 }, "wait")) {
    case "for":
      return { for: chance.pick(["50ms", "3s", "30s"], "for") };
    case "until":
      return { until: formatTimestamp(now + chance.between(-1000, 60_000, "until")) };
    case "signal":
      return {
        signal: chance.pick(SIGNALS, "signal"),
        ...(chance.happens(0.4, "limited") ? { timeout: chance.pick(["5s", "60s"], "limit") } : {}),
      };
  }
}
