import type { Pure } from "../core/pure.ts";
import type { StoreClock } from "./clock.ts";
import type { PlanCacheLimits } from "./plan-cache.ts";

/** What every store is given. */
export interface StoreOptions {
  readonly clock: StoreClock;
  /** What decisions are made with; its digest also makes the hash chain. */
  readonly pure: Pure;
  readonly cache?: PlanCacheLimits;
}
