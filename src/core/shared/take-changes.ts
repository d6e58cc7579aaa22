import type { EventType, PlanEvent } from "../plan/event.ts";
import type { Plan } from "../plan/plan.ts";
import { isGivenBack, type LimitKey } from "./limit-key.ts";

/** So many more are taken of a key; less than none: so many are given back. */
export interface TakeChange {
  readonly key: LimitKey;
  readonly delta: number;
}

/** What one event changes of what attempts have taken, from the plan before it. */
export function takeChanges(plan: Plan | null, event: PlanEvent): readonly TakeChange[] {
  if (event.type === "attempt.started") {
    return event.data.takes?.map((key) => ({ key, delta: 1 })) ?? NONE;
  }
  if (plan === null || event.stepKey === undefined || !ENDS.has(event.type)) return NONE;
  const taken = takenBy(plan, event.stepKey);
  if (taken.length === 0) return NONE;
  return taken.filter(isGivenBack).map((key) => ({ key, delta: -1 }));
}

const NONE: readonly never[] = [];

/** What an attempt under way has taken; nothing where the step is not under way. */
function takenBy(plan: Plan, stepKey: string): readonly LimitKey[] {
  const step = plan.steps.get(stepKey);
  return step?.status === "running" ? (step.takes ?? NONE) : NONE;
}

/** Every event that an attempt under way can end with. */
const ENDS: ReadonlySet<EventType> = new Set<EventType>([
  "attempt.failed",
  "attempt.lost",
  "step.succeeded",
  "step.failed",
  "step.skipped",
  "step.cancelled",
  "step.waiting",
  "step.readied",
]);

/** Takes added up by key. */
export class TakeSum {
  readonly #sum = new Map<LimitKey, number>();

  add(changes: readonly TakeChange[]): void {
    for (const { key, delta } of changes) this.#sum.set(key, this.of(key) + delta);
  }

  of(key: LimitKey): number {
    return this.#sum.get(key) ?? 0;
  }

  get isEmpty(): boolean {
    return this.#sum.size === 0;
  }

  /** What there is besides nothing, in the order of keys. */
  changes(): readonly TakeChange[] {
    return [...this.#sum]
      .filter(([, delta]) => delta !== 0)
      .map(([key, delta]) => ({ key, delta }))
      .toSorted((left, right) => (left.key < right.key ? -1 : 1));
  }
}
