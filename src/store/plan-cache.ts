import type { PlanId, TenantId } from "../core/id.ts";
import type { HeldPlan } from "./held-plan.ts";

export interface PlanCacheLimits {
  /** Weight of plans with work under way. */
  readonly activeMax: number;
  /** Weight of plans that wait or have ended: they cost a fold when they move again. */
  readonly idleMax: number;
}

/** About 50 MB and 5 MB of folded plans. */
const DEFAULT_CACHE_LIMITS: PlanCacheLimits = { activeMax: 80_000, idleMax: 8_000 };

/**
 * Folded plans, each with this one holder. What was used longest ago goes first, and what only
 * waits goes before what works: a waiting plan is rows, not memory.
 */
export class PlanCache {
  readonly #limits: PlanCacheLimits;
  readonly #active = new Shelf();
  readonly #idle = new Shelf();

  constructor(limits: PlanCacheLimits = DEFAULT_CACHE_LIMITS) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#active.size + this.#idle.size;
  }

  get(key: string): HeldPlan | null {
    return this.#active.touch(key) ?? this.#idle.touch(key);
  }

  /** Takes a plan, or takes it anew after it has changed. */
  put(key: string, held: HeldPlan): void {
    const [shelf, other] = isActive(held) ? [this.#active, this.#idle] : [this.#idle, this.#active];
    other.delete(key);
    shelf.put(key, held, weightOf(held));
    this.#active.trim(this.#limits.activeMax, key);
    this.#idle.trim(this.#limits.idleMax, key);
  }

  delete(key: string): void {
    this.#active.delete(key);
    this.#idle.delete(key);
  }

  clear(): void {
    this.#active.clear();
    this.#idle.clear();
  }
}

/** Names a plan within all tenants. */
export function cacheKey(tenantId: TenantId, planId: PlanId): string {
  return `${tenantId}\n${planId}`;
}

interface Place {
  held: HeldPlan;
  weight: number;
  /** Since it was last passed over. */
  isUsed: boolean;
}

/**
 * In the order of coming, by the insertion order of the map; whoever has been used since its turn
 * came is passed over once (second chance). So using costs a mark, and moves nothing.
 */
class Shelf {
  readonly #places = new Map<string, Place>();
  #weight = 0;

  get size(): number {
    return this.#places.size;
  }

  touch(key: string): HeldPlan | null {
    const place = this.#places.get(key);
    if (place === undefined) return null;
    place.isUsed = true;
    return place.held;
  }

  put(key: string, held: HeldPlan, weight: number): void {
    const place = this.#places.get(key);
    if (place === undefined) {
      this.#places.set(key, { held, weight, isUsed: false });
      this.#weight += weight;
      return;
    }
    this.#weight += weight - place.weight;
    place.held = held;
    place.weight = weight;
    place.isUsed = true;
  }

  delete(key: string): void {
    const place = this.#places.get(key);
    if (place === undefined) return;
    this.#places.delete(key);
    this.#weight -= place.weight;
  }

  /** One stays however heavy it is: the one that is being worked on. */
  trim(max: number, staying: string): void {
    for (const [key, place] of this.#places) {
      if (this.#weight <= max || this.#places.size === 1) return;
      if (key === staying) continue;
      this.delete(key);
      if (place.isUsed) this.put(key, place.held, place.weight);
    }
  }

  clear(): void {
    this.#places.clear();
    this.#weight = 0;
  }
}

function isActive({ plan }: HeldPlan): boolean {
  return plan.running.size > 0;
}

/** In steps: a small one is about 0.5 KB of text, graph and state, and a plan without any about 5. */
function weightOf({ plan }: HeldPlan): number {
  return 5 + plan.graph.specs.size + plan.steps.size + plan.requests.size;
}
