import type { Effect, PlanDocument, StepDocument } from "../../../src/core/plan/document.ts";
import type { Chance } from "../../../src/testing/chance.ts";
import { Witness } from "../witness/witness.ts";

/** What the plan is to be like. */
export interface PlanShape {
  readonly witness: Witness;
  readonly effect: Effect;
  /** Diamonds one after the other or side by side; with three there are 20 steps and more. */
  readonly diamonds: number;
  /** The longest step. */
  readonly stepMs: number;
  /** Drawn if not said. */
  readonly concurrency?: number;
}

type Steps = Readonly<Record<string, StepDocument>>;

/** A plan of diamonds, a list, a sub-plan and a tail, in which each step tells the witness. */
export function drawPlan(chance: Chance, shape: PlanShape): PlanDocument {
  const list = { list: { ...drawStep(chance.of("list"), shape, [], drawLines(chance)) } };
  const diamonds = drawDiamonds(chance, shape);
  const ends = Object.keys(diamonds).filter((key) => key.endsWith("-bottom"));
  return {
    plan: "Survive",
    policy: {
      approval: "required",
      concurrency: shape.concurrency ?? chance.between(3, 6, "concurrency"),
      retry: { attempts: 1 },
    },
    steps: {
      ...list,
      ...diamonds,
      each: {
        ...drawStep(chance.of("each"), shape, ["list"], ["${{ item }}"]),
        forEach: { items: "steps.list.output.lines", concurrency: chance.between(1, 3, "each") },
      },
      inner: { do: "plan", needs: ["list"], plan: drawInner(chance.of("inner"), shape) },
      "tail-1": drawStep(chance.of("tail-1"), shape, [...ends, "each", "inner"]),
      "tail-2": drawStep(chance.of("tail-2"), shape, ["tail-1"]),
      "tail-3": drawStep(chance.of("tail-3"), shape, ["tail-2"]),
    },
  };
}

/** A command of the witness; what it prints is its list. */
export function witnessStep(options: {
  readonly witness: Witness;
  readonly effect: Effect;
  readonly ms: number;
  readonly kind?: "plain" | "brood" | "deaf" | "loud";
  readonly needs?: readonly string[];
  readonly lines?: readonly string[];
}): StepDocument {
  const { witness, effect, ms, kind = "plain", needs = [], lines = [] } = options;
  return {
    do: "command",
    needs,
    effect,
    with: {
      argv: ["sh", Witness.step, (ms / 1000).toFixed(3), kind, ...lines],
      env: { WITNESS: witness.folder },
      parse: "lines",
    },
  };
}

function drawStep(
  chance: Chance,
  { witness, effect, stepMs }: PlanShape,
  needs: readonly string[],
  lines: readonly string[] = [],
): StepDocument {
  const kind = chance.pickWeighted({ plain: 5, brood: 2, deaf: 1 }, "kind");
  return witnessStep({ witness, effect, ms: chance.between(0, stepMs, "ms"), kind, needs, lines });
}

function drawLines(chance: Chance): readonly string[] {
  return ["one", "two", "three", "four", "five"].slice(0, chance.between(2, 5, "lines"));
}

function drawDiamonds(chance: Chance, shape: PlanShape): Steps {
  const diamonds = Array.from({ length: shape.diamonds }, (_, index) => {
    const follows = index > 0 && chance.happens(0.5, "follows", index);
    const needs = follows ? [`d${index - 1}-bottom`] : [];
    return drawDiamond(chance.of("diamond", index), shape, `d${index}`, needs);
  });
  return Object.fromEntries(diamonds.flatMap((steps) => Object.entries(steps)));
}

function drawDiamond(
  chance: Chance,
  shape: PlanShape,
  name: string,
  needs: readonly string[],
): Steps {
  const count = chance.between(3, 4, "sides");
  const sides = Array.from({ length: count }, (_, index) => `${name}-side-${index}`);
  const middle = sides.map(
    (key) => [key, drawStep(chance.of(key), shape, [`${name}-top`])] as const,
  );
  return {
    [`${name}-top`]: drawStep(chance.of("top"), shape, needs),
    ...Object.fromEntries(middle),
    [`${name}-bottom`]: drawStep(chance.of("bottom"), shape, sides),
  };
}

function drawInner(chance: Chance, shape: PlanShape): PlanDocument {
  return {
    plan: "Survive within",
    policy: { retry: { attempts: 1 } },
    steps: drawDiamond(chance, shape, "inner", []),
  };
}
