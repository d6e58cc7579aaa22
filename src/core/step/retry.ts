import type { Retry } from "../plan/policy.ts";

/**
 * How long to wait after the nth failure in a row: exponential, capped, and with up to half of it
 * left to chance, so that steps that failed together do not come back together ("equal jitter":
 * M. Brooker, "Exponential Backoff And Jitter", 2015).
 *
 * @param chance 0 to 1
 */
export function backoffMs(retry: Retry, failures: number, chance: number): number {
  const full = Math.min(retry.maxMs, retry.firstMs * retry.factor ** (failures - 1));
  return Math.round(full / 2 + (full / 2) * chance);
}
