import type { StoreClock } from "../clock.ts";
import type { Driver } from "./driver.ts";
import { nextPrune, pruneCommands } from "./sql/commands.ts";

/** An answer is forgotten no sooner than it may be, and not much later. */
const LOOK_AGAIN_MS = 10 * 60 * 1000;

export interface CommandPruningOptions {
  readonly driver: Driver;
  readonly clock: StoreClock;
}

/**
 * Forgets the answers to old commands, beside the waves that bring new ones: nobody waits for it, and
 * where it fails the next wave tries again.
 */
export class CommandPruning {
  readonly #options: CommandPruningOptions;
  /** When there may be something to forget, by tenant. */
  readonly #dueAt = new Map<number, number>();

  constructor(options: CommandPruningOptions) {
    this.#options = options;
  }

  /** Beside a wave of a tenant: forgets what may be forgotten by now. */
  async beside(tenantNo: number): Promise<void> {
    const now = this.#options.clock.now();
    if (now < (this.#dueAt.get(tenantNo) ?? 0)) return;
    // Nobody else of this process meanwhile.
    this.#dueAt.set(tenantNo, Number.POSITIVE_INFINITY);
    const session = this.#options.driver.as({ tenantNo });
    let next = now;
    try {
      const pruned = await pruneCommands(session, tenantNo, now);
      if (pruned === 0)
        next = Math.max((await nextPrune(session, tenantNo)) ?? 0, now + LOOK_AGAIN_MS);
    } catch {
      next = now + LOOK_AGAIN_MS;
    }
    this.#dueAt.set(tenantNo, next);
  }
}
