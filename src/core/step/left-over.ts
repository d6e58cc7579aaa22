import type { Plan } from "../plan/plan.ts";
import { stepOf } from "./lookup.ts";
import type { Step } from "./step.ts";

/** Whether a `forEach` step still works through its list; one that has failed may wait for its stand-in. */
export function listGoesOn(parent: Step): boolean {
  return parent.status === "waiting" && parent.reason === "children";
}

/** Whether a step is a child of a list that has come to its end without it: it is not tried again. */
export function isLeftOver(plan: Plan, step: Step): boolean {
  return step.parentKey !== null && !listGoesOn(stepOf(plan, step.parentKey));
}
