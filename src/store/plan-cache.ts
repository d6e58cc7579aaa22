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
    this.delete(key);
    const shelf = isActive(held) ? this.#active : this.#idle;
    shelf.add(key, held, weightOf(held));
    this.#active.trim(this.#limits.activeMax);
    this.#idle.trim(this.#limits.idleMax);
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
  readonly held: HeldPlan;
  readonly weight: number;
}

/** In the order of last use, by the insertion order of the map. */
class Shelf {
  readonly #places = new Map<string, Place>();
  #weight = 0;

  get size(): number {
    return this.#places.size;
  }

  touch(key: string): HeldPlan | null {
    const place = this.#places.get(key);
    if (place === undefined) return null;
    this.#places.delete(key);
    this.#places.set(key, place);
    return place.held;
  }

  add(key: string, held: HeldPlan, weight: number): void {
    this.#places.set(key, { held, weight });
    this.#weight += weight;
  }

  delete(key: string): void {
    const place = this.#places.get(key);
    if (place === undefined) return;
    this.#places.delete(key);
    this.#weight -= place.weight;
  }

  /** The last one stays however heavy it is: it is being worked on. */
  trim(max: number): void {
    for (const key of this.#places.keys()) {
      if (this.#weight <= max || this.#places.size === 1) return;
      this.delete(key);
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
