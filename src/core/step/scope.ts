import type { Plan } from "../plan/plan.ts";
import type { Scope, StepView } from "../pure.ts";
import type { Json } from "../json.ts";
import { known } from "../known.ts";
import { findStep } from "./lookup.ts";
import type { Step } from "./step.ts";

/** What the expressions of a step (of the plan, where no key is given) can see. */
export function scopeOf(plan: Plan, key: string | null, output?: Json): Scope {
  const scope = {
    inputs: plan.revision.inputs,
    plan: { id: plan.id, name: plan.name, objective: plan.graph.document.objective ?? "" },
    step: (other: string) => viewOf(findStep(plan, other)),
    ...(output === undefined ? {} : { output }),
  };
  const step = key === null ? undefined : findStep(plan, key);
  if (step === undefined || step.parentKey === null || step.itemIndex === null) return scope;
  const { items } = known(plan.expansions.get(step.parentKey), step.parentKey);
  const item = items[step.itemIndex] ?? null;
  return { ...scope, item, index: step.itemIndex };
}

function viewOf(step: Step | undefined): StepView | undefined {
  if (step === undefined) return undefined;
  return {
    status: step.status,
    output: step.status === "succeeded" ? step.output : null,
    error: step.lastError === null ? null : errorView(step.lastError),
  };
}

function errorView(error: { readonly code: string; readonly message: string }): Json {
  return { code: error.code, message: error.message };
}
