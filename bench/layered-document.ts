import type { PlanDocument, StepDocument } from "planwright";

const SHAPE = { layers: 20, width: 10 };
const SHORT_SHAPE = { layers: 3, width: 4 };
const SLEEP_MS = { least: 5, most: 200 };
const SEED = 20_261_120;

export interface Layered {
  readonly document: PlanDocument;
  /** The longest way through, by the sleeps alone. */
  readonly criticalMs: number;
}

/** Layers of steps that sleep, each needing some of the layer before: the same ones every time. */
export function layeredDocument(short: boolean): Layered {
  const { layers, width } = short ? SHORT_SHAPE : SHAPE;
  const draw = seeded(SEED);
  const steps: Record<string, StepDocument> = {};
  const endMs = new Map<string, number>();
  for (let layer = 0; layer < layers; layer += 1) {
    for (let place = 0; place < width; place += 1) {
      const key = keyOf(layer, place);
      const count = layer === 0 ? 0 : draw(1, 3);
      const needs = new Set(
        Array.from({ length: count }, () => keyOf(layer - 1, draw(0, width - 1))),
      );
      const ms = draw(SLEEP_MS.least, SLEEP_MS.most);
      steps[key] = { do: "tool", owner: "std.sleep", with: { ms }, needs: [...needs] };
      endMs.set(key, ms + Math.max(0, ...[...needs].map((need) => endMs.get(need) ?? 0)));
    }
  }
  const policy = { approval: "none", concurrency: layers * width } as const;
  return { document: { plan: "layers", policy, steps }, criticalMs: Math.max(...endMs.values()) };
}

function keyOf(layer: number, place: number): string {
  return `layer-${layer}-${place}`;
}

/** The same numbers every time: a linear congruential generator (Numerical Recipes). */
function seeded(seed: number): (least: number, most: number) => number {
  let state = seed;
  return (least, most) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return least + Math.floor((state / 2 ** 32) * (most - least + 1));
  };
}
