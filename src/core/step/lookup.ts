import type { StepSpec } from "../graph/graph.ts";
import type { Plan } from "../plan/plan.ts";
import { pendingStep, type Step } from "./step.ts";

/** The key of the nth child of a `forEach` step. */
export function childKey(key: string, index: number): string {
  return `${key}.${index}`;
}

/** What the text says about a step; undefined where the plan has no such step. */
export function findSpec(plan: Plan, key: string): StepSpec | undefined {
  const spec = plan.graph.specs.get(key);
  if (spec !== undefined) return spec;
  const dot = key.lastIndexOf(".");
  return dot < 0 ? undefined : (plan.graph.specs.get(key.slice(0, dot))?.child ?? undefined);
}

/** What the text says about a step that is known to be there. */
export function specOf(plan: Plan, key: string): StepSpec {
  const spec = findSpec(plan, key);
  if (spec === undefined) throw new Error(`${plan.id} has no step ${key}`);
  return spec;
}

/** A step as it is; undefined where the plan has none of that key. */
export function findStep(plan: Plan, key: string): Step | undefined {
  const step = plan.steps.get(key);
  if (step !== undefined) return step;
  if (plan.graph.specs.has(key)) return pendingStep(key, plan.createdAt);
  const dot = key.lastIndexOf(".");
  const expansion = plan.expansions.get(key.slice(0, Math.max(dot, 0)));
  const index = Number(key.slice(dot + 1));
  if (expansion === undefined || !(index >= 0 && index < expansion.items.length)) return undefined;
  const parentKey = key.slice(0, dot);
  if (key !== childKey(parentKey, index)) return undefined;
  return pendingStep(key, plan.createdAt, parentKey, index);
}

/** A step that is known to be there. */
export function stepOf(plan: Plan, key: string): Step {
  const step = findStep(plan, key);
  if (step === undefined) throw new Error(`${plan.id} has no step ${key}`);
  return step;
}

/** Keys of all steps, `forEach` children after their parent, in the order of the text. */
export function* stepKeys(plan: Plan): IterableIterator<string> {
  for (const key of plan.graph.specs.keys()) {
    yield key;
    const children = plan.expansions.get(key)?.items.length ?? 0;
    for (let index = 0; index < children; index += 1) yield childKey(key, index);
  }
}
