import type { PlanId, TenantId } from "../../core/id.ts";
import { known } from "../../core/known.ts";
import { evolve } from "../../core/plan/evolve.ts";
import type { Revision } from "../../core/plan/plan.ts";
import type { HeldPlan } from "../held-plan.ts";
import { cacheKey, PlanCache, type PlanCacheLimits } from "../plan-cache.ts";
import type { Driver } from "./driver.ts";
import type { PlanHolder } from "./plan-holder.ts";
import { foldSoundly } from "./sql/fold-soundly.ts";
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
    const cached = this.#cache.get(key);
    // Taken out while it is written to: what goes wrong half-way is not kept.
    this.#cache.delete(key);
    const held = this.#driver.snapshot(() =>
      cached === null ? this.#load(tenantId, planId) : this.#catchUp(cached),
    );
    if (held !== null) this.#cache.put(key, held);
    return held;
  }

  #load(tenantId: TenantId, planId: PlanId): HeldPlan | null {
    const tenantNo = this.tenantNo(tenantId);
    return tenantNo === null ? null : loadPlan(this.#driver, tenantNo, planId);
  }

  #catchUp(held: HeldPlan): HeldPlan {
    const revisions = (number: number): Revision =>
      known(findRevision(this.#driver, held.no, number), `revision ${number}`);
    return foldSoundly(held.plan.id, () => {
      for (const { hash, body } of pageRows(this.#driver, held.no, held.plan.version)) {
        held.plan = evolve(held.plan, parseEvent(body), revisions);
        held.hash = hash;
      }
      return held;
    });
  }
}
