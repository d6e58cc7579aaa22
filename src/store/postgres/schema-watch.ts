import type { StoreClock } from "../clock.ts";
import type { StoreFault } from "../store.ts";
import type { Driver, Session } from "./driver.ts";
import { readMigrations, tooNew } from "./migrate.ts";
import { findNewer } from "./sql/find-newer.ts";

export interface SchemaWatchOptions {
  readonly driver: Driver;
  readonly clock: StoreClock;
}

/** As often as a lease is renewed. */
const LOOK_AGAIN_MS = 5000;

/**
 * Notices, while this process works, that a later release has done to the schema what this one cannot
 * live with: from then on nothing is written here (G18). It goes on where that was taken back.
 */
export class SchemaWatch {
  readonly #options: SchemaWatchOptions;
  readonly #known: number = readMigrations().at(-1)?.number ?? 0;
  #fault: StoreFault | null = null;
  #nextLook: number;

  constructor(options: SchemaWatchOptions) {
    this.#options = options;
    this.#nextLook = options.clock.now() + LOOK_AGAIN_MS;
  }

  /** Looks now, in the session that asks; a fault where this release is too old. */
  async demand(session: Session): Promise<void> {
    const newer = await findNewer(session, this.#known);
    this.#nextLook = this.#options.clock.now() + LOOK_AGAIN_MS;
    this.#fault = newer === null ? null : tooNew(newer, this.#known);
    if (this.#fault !== null) throw this.#fault;
  }

  /** Refuses by what is known, which is no older than a few seconds. */
  refuse(): Promise<void> | undefined {
    if (this.#options.clock.now() >= this.#nextLook) return this.#lookAgain();
    if (this.#fault !== null) throw this.#fault;
    return undefined;
  }

  async #lookAgain(): Promise<void> {
    // One that asks meanwhile goes by what was known before.
    this.#nextLook = this.#options.clock.now() + LOOK_AGAIN_MS;
    try {
      await this.demand(this.#options.driver.as("fleet"));
    } catch (error) {
      // A database that cannot be had is noticed by what was to be written.
      if (error === this.#fault) throw error;
    }
  }
}
