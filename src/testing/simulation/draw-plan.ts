import type { JsonObject } from "../../core/json.ts";
import type { PlanDocument, PolicyDocument, StepDocument } from "../../core/plan/document.ts";
import type { Chance } from "../chance.ts";
import { drawStep, MAY_LIST } from "./draw-step.ts";

/** What every drawn plan may be told at its start; all have defaults. */
const INPUTS: NonNullable<PlanDocument["inputs"]> = {
  flag: { type: "boolean", default: true },
  count: { type: "integer", default: 2 },
  text: { type: "string", default: "word" },
  list: { type: "array", default: ["x", "y", "z"] },
};

const KEYS = ["a", "b", "c", "d", "e", "f", "g-h", "i_j"] as const;

export interface PlanShape {
  readonly stepsMax: number;
  /** How deep sub-plans may still be nested below this one. */
  readonly depth: number;
  /** Times in the plan's text lie after this moment. */
  readonly now: number;
}

/** A lawful plan, with whatever a plan may say. Its name tells which one it is. */
export function drawPlan(name: string, chance: Chance, shape: PlanShape): PlanDocument {
  const keys = KEYS.slice(0, chance.between(1, Math.min(shape.stepsMax, KEYS.length), "size"));
  const steps: Record<string, StepDocument> = {};
  for (const [index, key] of keys.entries()) {
    const subPlan = (): PlanDocument =>
      drawPlan(`${name} / ${key}`, chance.of("sub-plan", key), {
        ...shape,
        stepsMax: 3,
        depth: shape.depth - 1,
      });
    const before = keys.slice(0, index);
    steps[key] = drawStep(chance.of("step", key), { before, shape, subPlan });
  }
  addFallbacks(steps, chance);
  const verification = Object.values(steps).some((step) => step.verify !== undefined);
  return {
    plan: name,
    ...(chance.happens(0.5, "inputs") || usesInputs(steps) ? { inputs: INPUTS } : {}),
    schemas: { shape: { type: "object", required: ["value"] } },
    policy: drawPolicy(chance.of("policy"), verification),
    steps,
    ...drawAnswer(chance, keys),
  };
}

/** Other values than the defaults, now and then. */
export function drawInputs(document: PlanDocument, chance: Chance): JsonObject {
  if (document.inputs === undefined || !chance.happens(0.4, "given")) return {};
  return {
    flag: chance.happens(0.5, "flag"),
    list: ["p", "q", "r", "s"].slice(0, chance.between(0, 4, "list")),
  };
}

function usesInputs(steps: Readonly<Record<string, StepDocument>>): boolean {
  return JSON.stringify(steps).includes("inputs.");
}

/** A step that stands in for another is one more step, without needs. */
function addFallbacks(steps: Record<string, StepDocument>, chance: Chance): void {
  for (const [key, step] of Object.entries(steps)) {
    if (!MAY_LIST.has(step.do) || step.onFailure !== undefined) continue;
    if (!chance.happens(0.12, "fallback", key)) continue;
    const fallback = `${key}_else`;
    steps[key] = { ...step, onFailure: { fallback } };
    steps[fallback] = { do: "tool", owner: "work", effect: "repeatable", timeout: "8s" };
  }
}

function drawPolicy(chance: Chance, mayDemandVerification: boolean): PolicyDocument {
  const isDemanding = mayDemandVerification && chance.happens(0.3, "verification");
  return {
    approval: chance.pick(["required", "none"], "approval"),
    concurrency: chance.between(1, 5, "concurrency"),
    ...(isDemanding ? { verification: "required" } : {}),
    ...(chance.happens(0.15, "pause") ? { onRequest: "pause" } : {}),
    ...(chance.happens(0.7, "retry")
      ? {
          retry: {
            attempts: chance.between(1, 4, "attempts"),
            first: chance.pick(["100ms", "500ms", "2s"], "first"),
            factor: chance.pick([1, 2, 3], "factor"),
            max: chance.pick(["1s", "5s", "20s"], "max"),
          },
        }
      : {}),
    ...(chance.happens(0.1, "wall")
      ? { budget: { wall: chance.pick(["3s", "10s", "40s", "5m"], "wall-time") } }
      : {}),
  };
}

function drawAnswer(chance: Chance, keys: readonly string[]): { readonly answer?: string } {
  const key = chance.pick(keys, "answer-of");
  const answers = [
    `steps['${key}'].output`,
    `steps['${key}'].status`,
    "plan.name",
    // Comes to nothing: division by zero.
    "1 / 0",
  ] as const;
  const which = chance.pickWeighted({ "0": 3, "1": 3, "2": 1, "3": 0.3, none: 8 }, "answer");
  return which === "none" ? {} : { answer: answers[Number(which)] ?? "plan.name" };
}
