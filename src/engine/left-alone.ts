import { isOfOnePlan } from "../store/fold-fault.ts";
import type { Runtime } from "./runtime.ts";

export interface LeftAloneOptions {
  readonly runtime: Runtime;
  readonly onFault: (error: unknown) => void;
}

/** A later release, or a backup, may have brought it in order by then. */
const REST_MS = 60_000;

/**
 * What cannot be carried on here because of its own log: a later release has written what this one
 * does not know, or it is damaged. It is passed over for a while, and everything else goes on (P22).
 */
export class LeftAlone {
  readonly #options: LeftAloneOptions;
  /** Until when; the first to be over comes first. */
  readonly #until = new Map<string, number>();

  constructor(options: LeftAloneOptions) {
    this.#options = options;
  }

  get isEmpty(): boolean {
    return this.#until.size === 0;
  }

  has(name: string): boolean {
    const until = this.#until.get(name);
    return until !== undefined && until > this.#options.runtime.monotonic();
  }

  /** Whether the work was done; a fault that is only its own is told, and leaves it alone. */
  async tries(name: string, work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
    } catch (error) {
      if (!isOfOnePlan(error)) throw error;
      this.#leave(name);
      this.#options.onFault(error);
      return false;
    }
    this.#until.delete(name);
    return true;
  }

  #leave(name: string): void {
    const now = this.#options.runtime.monotonic();
    for (const [other, until] of this.#until) {
      if (until > now) break;
      this.#until.delete(other);
    }
    this.#until.delete(name);
    this.#until.set(name, now + REST_MS);
  }
}
