import type { TenantId } from "../../core/id.ts";
import { isOfAllTenants, type LimitKey } from "../../core/shared/limit-key.ts";
import { UNLIMITED, type Room } from "../../core/shared/room.ts";
import { roomIn, type SharedLimit } from "../../core/shared/shared-limit.ts";
import { changedLimit, isInForce, unsetLimit, type LimitChange } from "../limit-change.ts";
import type { PlanChange } from "../wave.ts";
import type { Tables } from "./tables.ts";

type Limits = Tables["limits"];

/** Changes what is said of a limit, not what is taken of it. */
export function changeLimit(
  limits: Limits,
  { tenantId, key }: { readonly tenantId: TenantId; readonly key: LimitKey },
  change: LimitChange,
  now: number,
): SharedLimit {
  const owner = isOfAllTenants(key) ? null : tenantId;
  const name = nameOf(tenantId, key);
  const before = limits.get(name) ?? { ...unsetLimit(key), tenantId: owner, changes: 0 };
  limits.set(name, { ...before, ...changedLimit(before, change, now) });
  return changedLimit(before, change, now);
}

/** What is in force for a tenant, by key. */
export function listLimits(limits: Limits, tenantId: TenantId): readonly SharedLimit[] {
  return [...limits.values()]
    .filter((limit) => isInForce(limit) && (limit.tenantId ?? tenantId) === tenantId)
    .map(({ key, max, used, stopped }) => ({ key, max, used, stopped }))
    .toSorted((left, right) => (left.key < right.key ? -1 : 1));
}

export function roomOf(limits: Limits, tenantId: TenantId): Room {
  if (limits.size === 0) return UNLIMITED;
  return (key) => roomIn(limits.get(nameOf(tenantId, key)));
}

/** Takes and gives back what the attempts of a plan have. */
export function applyTakes(limits: Limits, { tenantId, takes }: PlanChange): void {
  for (const { key, delta } of takes) {
    const name = nameOf(tenantId, key);
    const limit = limits.get(name);
    if (limit === undefined) continue;
    limits.set(name, { ...limit, used: limit.used + delta, changes: limit.changes + 1 });
  }
}

function nameOf(tenantId: TenantId, key: LimitKey): string {
  return isOfAllTenants(key) ? key : `${tenantId}\n${key}`;
}
