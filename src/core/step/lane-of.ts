import type { Plan } from "../plan/plan.ts";
import type { Lane } from "./lease.ts";
import { specOf } from "./lookup.ts";
import type { Step } from "./step.ts";

/** The lane that a step stands in when it is ready. */
export function laneOf(plan: Plan, step: Step): Lane {
  const spec = specOf(plan, step.key);
  return {
    pool: spec.pool,
    capability: spec.capability,
    alone: step.recoveries >= plan.limits.recoveriesBeforeAlone,
  };
}
