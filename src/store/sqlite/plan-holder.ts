import type { PlanId, TenantId } from "../../core/id.ts";
import type { HeldPlan } from "../held-plan.ts";

/** Whoever has the folded plans: the owner's cache, or a reader that folds for itself. */
export interface PlanHolder {
  tenantNo(tenantId: TenantId): number | null;
  hold(tenantId: TenantId, planId: PlanId): HeldPlan | null;
}
