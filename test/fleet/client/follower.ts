import { setTimeout as pause } from "node:timers/promises";
import type { TenantId } from "../../../src/core/id.ts";
import { StoreFault, type FeedCursor, type Stores } from "../../../src/store/store.ts";

const PAGE = 200;
const LOOK_MS = 100;

/** Reads one tenant's feed along, through every fault, as somebody does who shows it. */
export class Follower {
  readonly #tenantId: TenantId;
  readonly #stores: Stores;
  /** By plan, the number of the last event. */
  readonly #seen = new Map<string, number>();
  readonly #faults: string[] = [];
  #cursor: FeedCursor | null = null;
  #interruptions = 0;

  constructor(tenantId: TenantId, stores: Stores) {
    this.#tenantId = tenantId;
    this.#stores = stores;
  }

  /** Where what came was not what comes next (I23). */
  get faults(): readonly string[] {
    return this.#faults;
  }

  get seen(): ReadonlyMap<string, number> {
    return this.#seen;
  }

  get interruptions(): number {
    return this.#interruptions;
  }

  async follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      if ((await this.#next()) !== "more") await pause(LOOK_MS);
    }
  }

  /** Reads what is there by now to its end. */
  async catchUp(): Promise<void> {
    while ((await this.#next()) !== "end");
  }

  async #next(): Promise<"more" | "end" | "failed"> {
    try {
      const page = await this.#stores.forTenant(this.#tenantId).feed(this.#cursor, PAGE);
      for (const { planId, seq, tenantId } of page.events) {
        const last = this.#seen.get(planId) ?? 0;
        if (seq !== last + 1) {
          this.#faults.push(`I23 the feed has ${planId} #${seq} after #${last}`);
        }
        if (tenantId !== this.#tenantId) {
          this.#faults.push(`I28 the feed of ${this.#tenantId} has ${planId} of ${tenantId}`);
        }
        this.#seen.set(planId, seq);
      }
      this.#cursor = page.cursor;
      return page.events.length > 0 ? "more" : "end";
    } catch (error) {
      if (!StoreFault.is(error) || !error.retryable) throw error;
      this.#interruptions += 1;
      await pause(LOOK_MS);
      return "failed";
    }
  }
}
