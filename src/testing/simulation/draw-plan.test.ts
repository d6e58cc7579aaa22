import { expect, test } from "vitest";
import type { PlanDocument, StepDocument } from "../../core/plan/document.ts";
import { checkPlan } from "../../format/check-plan.ts";
import { Chance } from "../chance.ts";
import { drawPlan } from "./draw-plan.ts";

const SHAPE = { stepsMax: 8, depth: 2, now: 1_767_225_600_000 };

function draw(seed: number): PlanDocument {
  return drawPlan(`plan ${seed}`, new Chance(seed, "plan"), SHAPE);
}

function* stepsOf(document: PlanDocument): Generator<StepDocument, void> {
  for (const step of Object.values(document.steps)) {
    yield step;
    if (step.plan !== undefined) yield* stepsOf(step.plan);
  }
}

test("every drawn plan is lawful", () => {
  for (let seed = 0; seed < 400; seed += 1) {
    const { faults } = checkPlan(draw(seed), { tools: new Set(["work"]) });
    expect(faults, `plan ${seed}`).toEqual([]);
  }
});

test("the same seed draws the same plan, another one another", () => {
  expect(draw(5)).toEqual(draw(5));
  expect(draw(5)).not.toEqual(draw(6));
});

test("whatever a plan may say is drawn sooner or later", () => {
  const drawn = Array.from({ length: 400 }, (_, seed) => draw(seed));
  const steps = drawn.flatMap((document) => [...stepsOf(document)]);
  const said = new Set(steps.flatMap((step) => Object.keys(step)));
  const fields = ["needs", "when", "forEach", "at", "with", "effect", "retry", "timeout", "idle"];
  const more = ["approve", "output", "verify", "onFailure", "pool", "priority", "request", "wait"];
  expect([...fields, ...more].filter((field) => !said.has(field))).toEqual([]);
  const kinds = new Set(steps.map((step) => step.do));
  expect(kinds.size).toBe(8);
  const asked = new Set(steps.map((step) => step.request?.kind));
  expect(asked).toEqual(new Set([undefined, "approval", "input", "choice", "review"]));
  const texts = JSON.stringify(drawn);
  for (const part of ['"any":', '"all":', '"allow":', '"fallback":', '"ask"', '"onRequest":']) {
    expect(texts).toContain(part);
  }
  const policies = new Set(drawn.flatMap((document) => Object.keys(document.policy ?? {})));
  expect([...policies].toSorted()).toEqual([
    "approval",
    "budget",
    "concurrency",
    "onRequest",
    "retry",
    "verification",
  ]);
});
