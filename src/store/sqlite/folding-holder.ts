import type { PlanId, TenantId } from "../../core/id.ts";
import { known } from "../../core/known.ts";
import { evolve } from "../../core/plan/evolve.ts";
import type { HeldPlan } from "../held-plan.ts";
import { cacheKey, PlanCache, type PlanCacheLimits } from "../plan-cache.ts";
import type { Driver } from "./driver.ts";
import type { PlanHolder } from "./plan-holder.ts";
import { loadPlan } from "./sql/load-plan.ts";
import { pageRows, parseEvent } from "./sql/read-events.ts";
import { findRevision } from "./sql/revisions.ts";
import { findTenant } from "./sql/tenants.ts";

/** Plans as a reader beside the owner folds them: those it knows are caught up with their events. */
export class FoldingHolder implements PlanHolder {
  readonly #driver: Driver;
  readonly #cache: PlanCache;

  constructor(driver: Driver, limits?: PlanCacheLimits) {
    this.#driver = driver;
    this.#cache = new PlanCache(limits);
  }

  tenantNo(tenantId: TenantId): number | null {
    return findTenant(this.#driver, tenantId);
  }

  hold(tenantId: TenantId, planId: PlanId): HeldPlan | null {
    const key = cacheKey(tenantId, planId);
    const held = this.#driver.snapshot(() => this.#fold(key, tenantId, planId));
    if (held !== null) this.#cache.put(key, held);
    return held;
  }

  #fold(key: string, tenantId: TenantId, planId: PlanId): HeldPlan | null {
    const cached = this.#cache.get(key);
    if (cached === null) {
      const tenantNo = this.tenantNo(tenantId);
      return tenantNo === null ? null : loadPlan(this.#driver, tenantNo, planId);
    }
    for (const { hash, body } of pageRows(this.#driver, cached.no, cached.plan.version)) {
      cached.plan = evolve(cached.plan, parseEvent(body), (number) =>
        known(findRevision(this.#driver, cached.no, number), `revision ${number}`),
      );
      cached.hash = hash;
    }
    return cached;
  }
}
