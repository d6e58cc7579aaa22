import type { StoreClock } from "../clock.ts";
import type { Session } from "./driver.ts";

/**
 * The database's time, as this process knows it: its own clock and the difference between the two,
 * which is measured at the start and at every renewal of the lease.
 */
export class DatabaseClock implements StoreClock {
  readonly #own: StoreClock;
  #offsetMs = 0;

  constructor(own: StoreClock) {
    this.#own = own;
  }

  /** How far the database is ahead of this process. */
  get offsetMs(): number {
    return this.#offsetMs;
  }

  now(): number {
    return this.#own.now() + this.#offsetMs;
  }

  defer(callback: () => void): void {
    this.#own.defer(callback);
  }

  /** Takes the middle of asking and being answered for the moment that was told. */
  async measure(session: Session): Promise<void> {
    const asked = this.#own.now();
    const [row] = await session.rows<{ now: number }>("select planwright_clock() as now");
    const answered = this.#own.now();
    if (row !== undefined) this.#offsetMs = Math.round(row.now - (asked + answered) / 2);
  }
}
