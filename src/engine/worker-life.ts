import type { WorkerId } from "../core/id.ts";
import type { LeaseHolder, Stores } from "../store/store.ts";
import type { Runtime, Timer } from "./runtime.ts";

/** How long a worker's lease lasts, and how often it is renewed. */
export interface LeaseTimes {
  readonly ttlMs: number;
  readonly renewMs: number;
}

export const DEFAULT_LEASE_TIMES: LeaseTimes = { ttlMs: 15_000, renewMs: 5_000 };

/**
 * The life of a worker: one lease for the whole process, renewed while it can be. A worker whose
 * lease has ended lets go of everything and begins anew under another id.
 */
export class WorkerLife {
  readonly #stores: Stores;
  readonly #runtime: Runtime;
  readonly #holder: LeaseHolder;
  readonly #times: LeaseTimes;
  readonly #onLost: (workerId: WorkerId) => void;
  #workerId: WorkerId | null = null;
  #renewedAt = 0;
  #timer: Timer | null = null;
  #ended = false;

  constructor(options: {
    readonly stores: Stores;
    readonly runtime: Runtime;
    readonly holder: LeaseHolder;
    readonly times: LeaseTimes;
    /** The lease has ended: nothing that was leased under it counts any more. */
    readonly onLost: (workerId: WorkerId) => void;
  }) {
    this.#stores = options.stores;
    this.#runtime = options.runtime;
    this.#holder = options.holder;
    this.#times = options.times;
    this.#onLost = options.onLost;
  }

  /** Null while it has no lease: nothing may be leased then. */
  get workerId(): WorkerId | null {
    return this.#workerId;
  }

  async begin(): Promise<void> {
    const began = this.#runtime.monotonic();
    this.#workerId = await this.#stores.beginLease(
      this.#holder,
      this.#runtime.now(),
      this.#times.ttlMs,
    );
    this.#renewedAt = began;
    this.#arm();
  }

  async end(): Promise<void> {
    this.#ended = true;
    this.#timer?.cancel();
    const workerId = this.#workerId;
    this.#workerId = null;
    if (workerId !== null) await this.#stores.endLease(workerId);
  }

  #arm(): void {
    if (this.#ended) return;
    this.#timer?.cancel();
    this.#timer = this.#runtime.setTimer(this.#times.renewMs, () => void this.renew());
  }

  /** Renews now; after a stall that comes before anybody is judged to be gone. */
  async renew(): Promise<void> {
    const workerId = this.#workerId;
    try {
      if (workerId === null) {
        await this.begin();
        return;
      }
      const asked = this.#runtime.monotonic();
      const holds = await this.#stores.renewLease(workerId, this.#runtime.now(), this.#times.ttlMs);
      if (holds) this.#renewedAt = asked;
      else this.#lose(workerId);
    } catch {
      // A store that cannot be had: hold on while the lease surely lasts, then let go by ourselves.
      const silentMs = this.#runtime.monotonic() - this.#renewedAt;
      if (workerId !== null && silentMs > (this.#times.ttlMs * 2) / 3) this.#lose(workerId);
    }
    this.#arm();
  }

  #lose(workerId: WorkerId): void {
    if (this.#workerId !== workerId) return;
    this.#workerId = null;
    this.#onLost(workerId);
  }
}
