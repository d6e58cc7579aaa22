import { SYSTEM } from "../core/actor.ts";
import type { AbandonedAttempt, AttemptProcess, LeaseHolder, Stores } from "../store/store.ts";
import type { Committer } from "./committer.ts";
import type { Runtime } from "./runtime.ts";

/** Ends a process group that a dead worker left on this machine, and waits until it is gone. */
export type EndProcess = (process: AttemptProcess) => Promise<"gone" | "not-ours" | "alive">;

const BATCH = 100;

/**
 * Takes over what dead workers held: their leases are ended, their commands on this machine are
 * ended, and only then may their steps start again.
 */
export class Recovery {
  readonly #stores: Stores;
  readonly #runtime: Runtime;
  readonly #committer: Committer;
  readonly #holder: LeaseHolder;
  readonly #endProcess: EndProcess;

  constructor(options: {
    readonly stores: Stores;
    readonly runtime: Runtime;
    readonly committer: Committer;
    readonly holder: LeaseHolder;
    readonly endProcess: EndProcess;
  }) {
    this.#stores = options.stores;
    this.#runtime = options.runtime;
    this.#committer = options.committer;
    this.#holder = options.holder;
    this.#endProcess = options.endProcess;
  }

  /** Looks once. A store that one process owns has no living workers before that process begins. */
  async sweep(atStart = false): Promise<number> {
    const alone = atStart && this.#stores.exclusive;
    await this.#stores.endExpiredLeases(alone ? Number.MAX_SAFE_INTEGER : this.#runtime.now());
    let recovered = 0;
    // Attempts whose processes cannot be ended yet stay first in line: look behind them.
    const left = new Set<string>();
    for (;;) {
      const limit = BATCH + left.size;
      const abandoned = await this.#stores.abandoned(limit);
      const fresh = abandoned.filter((attempt) => !left.has(attemptName(attempt)));
      const done = await Promise.all(fresh.map((attempt) => this.#recover(attempt)));
      for (const [index, attempt] of fresh.entries()) {
        if (done[index] === true) recovered += 1;
        else left.add(attemptName(attempt));
      }
      if (fresh.length === 0 || abandoned.length < limit) return recovered;
    }
  }

  async #recover(attempt: AbandonedAttempt): Promise<boolean> {
    for (const process of attempt.processes) {
      if (!(await this.#end(process))) return false;
    }
    const { tenantId, planId, stepKey } = attempt;
    const decision = await this.#committer.commit({
      tenantId,
      planId,
      type: "attempt.lose",
      data: { stepKey, attempt: attempt.attempt, reason: "worker-gone" },
      actor: SYSTEM,
    });
    for (const process of attempt.processes) await this.#stores.removeProcess(process);
    return decision.ok;
  }

  /** A process of another machine, or of another start of this one, is beyond reach or gone. */
  async #end(process: AttemptProcess): Promise<boolean> {
    const { host, bootId } = this.#holder;
    if (process.host !== host || process.bootId !== bootId) return true;
    return (await this.#endProcess(process)) !== "alive";
  }
}

function attemptName({ tenantId, planId, stepKey, attempt }: AbandonedAttempt): string {
  return [tenantId, planId, stepKey, attempt].join("\n");
}
