import type { PlanId, TenantId } from "../../../src/core/id.ts";
import type { PlanEvent } from "../../../src/core/plan/event.ts";

/** What writers were told has been committed, by plan: the other side of the feed. */
export class Ledger {
  readonly #counts = new Map<TenantId, Map<PlanId, number>>();
  #total = 0;

  get total(): number {
    return this.#total;
  }

  hear(events: readonly PlanEvent[]): void {
    for (const { tenantId, planId } of events) {
      const counts = this.countsOf(tenantId);
      counts.set(planId, (counts.get(planId) ?? 0) + 1);
      this.#total += 1;
    }
  }

  /** So many events each plan of a tenant has. */
  countsOf(tenantId: TenantId): Map<PlanId, number> {
    let counts = this.#counts.get(tenantId);
    if (counts === undefined) this.#counts.set(tenantId, (counts = new Map()));
    return counts;
  }
}
