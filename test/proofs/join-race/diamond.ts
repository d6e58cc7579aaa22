import type { PlanId } from "../../../src/core/id.ts";
import type { PlanDocument, StepDocument } from "../../../src/core/plan/document.ts";
import type { Chance } from "../../../src/testing/chance.ts";

/** Steps that run side by side, and one that needs them all. */
export interface Diamond {
  readonly planId: PlanId;
  readonly parents: readonly string[];
  /** Which opener each parent's worker is at, and after them those that have none. */
  readonly openers: readonly number[];
  /** Whoever reports asks for more in the same breath, so that one of them leases the join. */
  readonly leasesOn: boolean;
  /** Of whom two processes tell the outcome; null where everybody is heard once. */
  readonly echoed: number | null;
}

export const JOIN = "join";

const PARENTS_MAX = 8;

export function drawDiamond(chance: Chance, number: number, openers: number): Diamond {
  const width = chance.between(2, Math.min(PARENTS_MAX, openers), "width");
  return {
    planId: `pln_${number}`,
    parents: Array.from({ length: width }, (_, index) => `p${index}`),
    openers: shuffled(chance.of("opener"), openers),
    leasesOn: chance.happens(0.5, "leases on"),
    echoed: chance.happens(0.15, "echo") ? chance.between(0, width - 1, "echoed") : null,
  };
}

export function documentOf({ planId, parents }: Diamond): PlanDocument {
  const step: StepDocument = { do: "tool", owner: "work", effect: "none" };
  return {
    plan: planId,
    policy: { approval: "none", concurrency: 100 },
    steps: {
      ...Object.fromEntries(parents.map((key) => [key, step])),
      [JOIN]: { ...step, needs: parents },
    },
  };
}

function shuffled(chance: Chance, count: number): readonly number[] {
  const places = Array.from({ length: count }, (_, place) => ({ place, at: chance.draw(place) }));
  return places.toSorted((left, right) => left.at - right.at).map(({ place }) => place);
}
