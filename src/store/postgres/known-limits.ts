import type { LimitKey } from "../../core/shared/limit-key.ts";
import type { StoreClock } from "../clock.ts";
import type { Driver } from "./driver.ts";
import { nameLimits, ownerOf, type LimitName } from "./sql/limits.ts";

/** What was read longer ago is read again before anything is leased by it. */
const FRESH_MS = 2000;

/**
 * Which limits are in force, as this process has last read: at every look for work, and before it
 * leases where that is too long ago. What they have left is never remembered.
 */
export class KnownLimits {
  readonly #driver: Driver;
  readonly #clock: StoreClock;
  #names: ReadonlySet<string> = new Set();
  #readAt: number | null = null;

  /** @param driver connections that no wave holds while it asks */
  constructor(driver: Driver, clock: StoreClock) {
    this.#driver = driver;
    this.#clock = clock;
  }

  get isEmpty(): boolean {
    return this.#names.size === 0;
  }

  get isFresh(): boolean {
    return this.#readAt !== null && this.#clock.now() - this.#readAt < FRESH_MS;
  }

  async read(): Promise<void> {
    this.learn(await nameLimits(this.#driver.as("fleet")));
  }

  learn(names: readonly LimitName[]): void {
    this.#names = new Set(names.map(nameOf));
    this.#readAt = this.#clock.now();
  }

  /** Of these keys of a tenant, those that are limited. */
  among(tenantNo: number, keys: Iterable<LimitKey>): readonly LimitKey[] {
    if (this.isEmpty) return [];
    return [...keys].filter((key) => this.#names.has(nameOf({ tenantNo, key })));
  }
}

function nameOf({ tenantNo, key }: LimitName): string {
  return `${ownerOf(tenantNo, key)}\n${key}`;
}
