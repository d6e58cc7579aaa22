import type { TenantId } from "../../src/core/id.ts";
import type { LimitKey } from "../../src/core/shared/limit-key.ts";
import type { Stores } from "../../src/store/store.ts";
import { mostAtOnce } from "./check/spans.ts";
import type { AttemptSpan } from "./check/commit-times.ts";
import { SCARCE } from "./plan/draw-load.ts";

/** A limit on attempts under way that holds for as long as a run lasts. */
export interface LimitInForce {
  /** Whose it is; a pool's is everybody's, whoever has set it. */
  readonly tenantId: TenantId;
  readonly key: LimitKey;
  readonly max: number;
}

/** Set before any plan is begun. */
export async function setLimits(stores: Stores, limits: readonly LimitInForce[]): Promise<void> {
  for (const { tenantId, key, max } of limits) {
    await stores.forTenant(tenantId).changeLimit(key, { kind: "set", max });
  }
}

/** How much of a limit was used at once, at the most, by when things became true. */
export function mostUsed(
  { key, tenantId }: LimitInForce,
  attempts: readonly AttemptSpan[],
  isScarce: (attempt: AttemptSpan) => boolean,
): number {
  const isOf =
    key === `pool:${SCARCE}` ? isScarce : (attempt: AttemptSpan) => attempt.tenantId === tenantId;
  return mostAtOnce(attempts.filter(isOf));
}
