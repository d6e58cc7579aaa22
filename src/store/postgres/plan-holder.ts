import type { PlanId, TenantId } from "../../core/id.ts";
import type { Plan } from "../../core/plan/plan.ts";

/** Whoever has the folded plans: a worker's cache, or a reader that folds for itself. */
export interface PlanHolder {
  /** Looks at a plan as the database has it by now; null where there is none. */
  read<T>(tenantId: TenantId, planId: PlanId, look: (plan: Plan) => T): Promise<T | null>;
}
