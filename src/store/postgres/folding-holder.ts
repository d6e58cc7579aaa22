import type { PlanId, TenantId } from "../../core/id.ts";
import type { Plan } from "../../core/plan/plan.ts";
import type { HeldPlan } from "../held-plan.ts";
import { cacheKey, type PlanCache } from "../plan-cache.ts";
import { catchUp, readNews, type News } from "./catch-up.ts";
import type { Driver } from "./driver.ts";
import type { PlanGate } from "./plan-gate.ts";
import type { PlanHolder } from "./plan-holder.ts";
import { loadPlan } from "./sql/load-plan.ts";
import type { Tenants } from "./tenants.ts";

export interface FoldingHolderParts {
  readonly driver: Driver;
  readonly tenants: Tenants;
  readonly cache: PlanCache;
  /** One at a time at a plan: what is folded is written in place. */
  readonly gate: PlanGate;
}

/** Plans as they are folded here: those that are known are caught up with their events. */
export class FoldingHolder implements PlanHolder {
  readonly #parts: FoldingHolderParts;

  constructor(parts: FoldingHolderParts) {
    this.#parts = parts;
  }

  async read<T>(tenantId: TenantId, planId: PlanId, look: (plan: Plan) => T): Promise<T | null> {
    const { gate, tenants } = this.#parts;
    const tenantNo = await tenants.find(tenantId);
    if (tenantNo === null) return null;
    const key = cacheKey(tenantId, planId);
    await gate.enter(key);
    try {
      const held = await this.#hold(key, tenantNo, planId);
      return held === null ? null : look(held.plan);
    } finally {
      gate.leave(key);
    }
  }

  async #hold(key: string, tenantNo: number, planId: PlanId): Promise<HeldPlan | null> {
    const { cache, driver } = this.#parts;
    const cached = cache.get(key);
    // Taken out while it is written to: what goes wrong half-way is not kept.
    cache.delete(key);
    if (cached !== null) catchUp(cached, await this.#readNews(tenantNo, cached));
    const held = cached ?? (await loadPlan(driver.as({ tenantNo }), tenantNo, planId));
    if (held !== null) cache.put(key, held);
    return held;
  }

  /** In one transaction, one after the other: texts that events name have to be as new as these. */
  async #readNews(tenantNo: number, held: HeldPlan): Promise<News> {
    const { news } = await this.#parts.driver.transaction({ tenantNo }, async (transaction) => {
      const news = readNews(transaction, held);
      // Where it fails the transaction does, and says so.
      news.catch(() => undefined);
      return { news };
    });
    return news;
  }
}
