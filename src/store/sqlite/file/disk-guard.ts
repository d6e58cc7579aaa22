import { StoreFault } from "../../store.ts";
import type { Ballast } from "./ballast.ts";

export interface DiskGuardOptions {
  readonly ballast: Ballast;
  /** Free space at which there is room again. */
  readonly roomBytes: number;
  /** Free space where the store is. */
  readonly freeBytes: () => number;
}

/**
 * What happens when the disk is full (G19, S12): writing stops, but for what winds work down, to
 * which the ballast gives its room; reading goes on. It ends by itself when there is space again.
 */
export class DiskGuard {
  readonly #options: DiskGuardOptions;
  #isFull = false;

  constructor(options: DiskGuardOptions) {
    this.#options = options;
  }

  get isFull(): boolean {
    return this.#isFull;
  }

  /** Whether there is room for more work. */
  hasRoom(): boolean {
    if (!this.#isFull) return true;
    const { ballast, freeBytes, roomBytes } = this.#options;
    if (freeBytes() < roomBytes) return false;
    this.#isFull = false;
    ballast.fill();
    return true;
  }

  /** Throws where there is none. */
  assertRoom(): void {
    if (this.hasRoom()) return;
    const megabytes = Math.ceil(this.#options.roomBytes / 1024 / 1024);
    const message = `the disk is full: nothing new is written until ${megabytes} MB are free; reading goes on`;
    throw new StoreFault("full", message, { retryable: true });
  }

  /** Hears of every failed write. */
  failed(error: unknown): void {
    if (!StoreFault.is(error) || error.code !== "full") return;
    this.#isFull = true;
    this.#options.ballast.drop();
  }
}
