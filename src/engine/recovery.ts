import { SYSTEM } from "../core/actor.ts";
import type { AbandonedAttempt, AttemptProcess, LeaseHolder, Stores } from "../store/store.ts";
import type { Committer } from "./committer.ts";
import type { LeftAlone } from "./left-alone.ts";
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
  readonly #leftAlone: LeftAlone;
  /** What was abandoned at the last look. */
  #seen: ReadonlySet<string> = new Set();

  constructor(options: {
    readonly stores: Stores;
    readonly runtime: Runtime;
    readonly committer: Committer;
    readonly holder: LeaseHolder;
    readonly endProcess: EndProcess;
    readonly leftAlone: LeftAlone;
  }) {
    this.#stores = options.stores;
    this.#runtime = options.runtime;
    this.#committer = options.committer;
    this.#holder = options.holder;
    this.#endProcess = options.endProcess;
    this.#leftAlone = options.leftAlone;
  }

  /**
   * Looks once. Before a process begins that owns its store, nobody else can be alive. Of several
   * processes the one that ended a lease takes over at once, `heir` what its own earlier lives left;
   * the others leave it to them until their next look.
   */
  async sweep(as: "owner" | "heir" | "other" = "other"): Promise<number> {
    const { exclusive } = this.#stores;
    const over = as === "owner" ? Number.MAX_SAFE_INTEGER : this.#runtime.now();
    const ended = new Set(await this.#stores.endExpiredLeases(over));
    const isOurs = (attempt: AbandonedAttempt): boolean =>
      exclusive ||
      as !== "other" ||
      ended.has(attempt.workerId) ||
      this.#seen.has(attemptName(attempt));
    const left = new Set<string>();
    const seen = new Set<string>();
    let recovered = 0;
    // Attempts whose processes cannot be ended yet stay first in line: look behind them.
    for (;;) {
      const limit = BATCH + left.size;
      const abandoned = await this.#stores.abandoned(limit);
      const fresh = abandoned.filter((attempt) => !left.has(attemptName(attempt)));
      for (const attempt of fresh) seen.add(attemptName(attempt));
      const done = await Promise.all(
        fresh.map(async (attempt) => isOurs(attempt) && this.#tryToRecover(attempt)),
      );
      for (const [index, attempt] of fresh.entries()) {
        if (done[index] === true) recovered += 1;
        else left.add(attemptName(attempt));
      }
      if (fresh.length > 0 && abandoned.length === limit) continue;
      this.#seen = seen;
      return recovered;
    }
  }

  /** What only a later release can carry on is left to it, and keeps nobody from beginning. */
  async #tryToRecover(attempt: AbandonedAttempt): Promise<boolean> {
    const name = `take over\n${attempt.tenantId}\n${attempt.planId}`;
    if (this.#leftAlone.has(name)) return false;
    let isDone = false;
    await this.#leftAlone.tries(name, async () => {
      isDone = await this.#recover(attempt);
    });
    return isDone;
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
