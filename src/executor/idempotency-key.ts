import type { Pure } from "../core/pure.ts";
import type { Lease } from "../core/step/lease.ts";

/**
 * The key of one logical call (G5): the same for every attempt at it, another for every other one.
 * So the attempt number never goes into it.
 */
export function idempotencyKey(
  lease: Pick<Lease, "tenantId" | "planId" | "stepKey" | "loop">,
  pure: Pick<Pure, "digest">,
): string {
  const call = [lease.tenantId, lease.planId, lease.stepKey, String(lease.loop)];
  return pure.digest(`planwright-call\n${call.join("\n")}`);
}
