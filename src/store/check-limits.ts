import type { TenantId } from "../core/id.ts";
import type { PlanEvent } from "../core/plan/event.ts";
import { isGivenBack, isOfAllTenants, type LimitKey } from "../core/shared/limit-key.ts";
import type { SharedLimit } from "../core/shared/shared-limit.ts";

/** A limit as a store keeps it. */
export interface LimitRecord extends SharedLimit {
  /** Null: all tenants'. */
  readonly tenantId: TenantId | null;
  /** Grows with each take and each giving back. */
  readonly changes: number;
}

/** Counts again, from the logs of all plans, what is taken of each limit. */
export class TakeCount {
  readonly #counts = new Map<string, number>();

  /** Adds the log of one plan. */
  add(tenantId: TenantId, texts: Iterable<string>): void {
    const open = new Map<string, readonly LimitKey[]>();
    for (const text of texts) {
      if (open.size === 0 && !text.includes(`"takes":`)) continue;
      const event: PlanEvent = JSON.parse(text);
      const { stepKey = "" } = event;
      if (event.type === "attempt.started") {
        const takes = event.data.takes ?? [];
        open.set(stepKey, takes.filter(isGivenBack));
        this.#change(tenantId, takes, 1);
      } else if (event.type.startsWith("step.") || ENDS.has(event.type)) {
        this.#change(tenantId, open.get(stepKey) ?? [], -1);
        open.delete(stepKey);
      }
    }
  }

  /**
   * Where rows and logs disagree, in words.
   *
   * @param before the rows as they were before the logs were read: what has changed since says nothing
   */
  *differences(
    before: readonly LimitRecord[],
    after: readonly LimitRecord[],
  ): Generator<string, void> {
    const changes = new Map(before.map((row) => [nameOf(row.tenantId, row.key), row.changes]));
    for (const { tenantId, key, used, changes: now } of after) {
      const name = nameOf(tenantId, key);
      const counted = this.#counts.get(name) ?? 0;
      if (changes.get(name) !== now || counted === used) continue;
      const whose = tenantId === null ? "" : ` of tenant ${tenantId}`;
      yield `the limit ${key}${whose} says that ${used} are taken, the plans' logs ${counted}`;
    }
  }

  #change(tenantId: TenantId, keys: readonly LimitKey[], delta: 1 | -1): void {
    for (const key of keys) {
      const name = nameOf(isOfAllTenants(key) ? null : tenantId, key);
      this.#counts.set(name, (this.#counts.get(name) ?? 0) + delta);
    }
  }
}

const ENDS: ReadonlySet<string> = new Set(["attempt.failed", "attempt.lost"]);

function nameOf(tenantId: TenantId | null, key: LimitKey): string {
  return `${tenantId ?? ""}\n${key}`;
}
