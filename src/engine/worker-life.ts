import type { WorkerId } from "../core/id.ts";
import {
  StoreFault,
  type LeaseHolder,
  type LeaseKeeper,
  type LeaseTimes,
  type LeaseWord,
  type Stores,
} from "../store/store.ts";
import type { Runtime, Timer } from "./runtime.ts";

export const DEFAULT_LEASE_TIMES: LeaseTimes = { ttlMs: 15_000, renewMs: 5_000 };

/** Who has no lease asks again so soon, each at a time of its own: a store comes back for all at once. */
const AGAIN_MS = 1000;

export interface WorkerLifeOptions {
  readonly stores: Stores;
  readonly runtime: Runtime;
  readonly holder: LeaseHolder;
  readonly times: LeaseTimes;
  /** Work may be leased under this id from now on. */
  readonly onBegun: (workerId: WorkerId) => void;
  /** The lease has ended: nothing that was leased under it counts any more. */
  readonly onLost: (workerId: WorkerId) => void;
  readonly onFault: (error: unknown) => void;
}

/**
 * The life of a worker: one lease for the whole process, renewed while it can be. A worker whose
 * lease has ended lets go of everything and begins anew under another id, unless it has a successor:
 * two that begin under one name would end each other for ever.
 */
export class WorkerLife {
  readonly #options: WorkerLifeOptions;
  #workerId: WorkerId | null = null;
  #keeper: LeaseKeeper | null = null;
  #renewedAt = 0;
  #timer: Timer | null = null;
  #renewing: Promise<void> | null = null;
  /** The last one that was its own. */
  #lastId: WorkerId | null = null;
  #tries = 0;
  #ended = false;

  constructor(options: WorkerLifeOptions) {
    this.#options = options;
  }

  /** Null while it has no lease: nothing may be leased then. */
  get workerId(): WorkerId | null {
    return this.#workerId;
  }

  async begin(): Promise<void> {
    const { stores, runtime, holder, times } = this.#options;
    const began = runtime.monotonic();
    const workerId = await stores.beginLease(holder, runtime.now(), times.ttlMs);
    this.#lastId = workerId;
    if (this.#ended) return stores.endLease(workerId);
    this.#workerId = workerId;
    this.#renewedAt = began;
    const onWord = (word: LeaseWord): void => this.#hear(workerId, word);
    this.#keeper = stores.keepLease?.(workerId, times, onWord) ?? null;
    this.#arm();
    this.#options.onBegun(workerId);
  }

  async end(): Promise<void> {
    this.#ended = true;
    this.#timer?.cancel();
    const workerId = this.#letGo();
    if (workerId !== null) await this.#options.stores.endLease(workerId);
  }

  /** Renews where that is due; after a stall that comes before anybody is judged to be gone. */
  async freshen(): Promise<void> {
    const { runtime, times } = this.#options;
    const isFresh = runtime.monotonic() - this.#renewedAt < times.renewMs;
    if (this.#workerId === null || !isFresh) await this.renew();
  }

  /** Renews now. */
  renew(): Promise<void> {
    this.#renewing ??= this.#renew().finally(() => {
      this.#renewing = null;
      this.#arm();
    });
    return this.#renewing;
  }

  #arm(): void {
    if (this.#ended) return;
    const { runtime, times, holder } = this.#options;
    this.#timer?.cancel();
    this.#tries += 1;
    const again = AGAIN_MS * (0.5 + runtime.chance("begin", holder.name, this.#tries));
    const waitMs = this.#workerId === null ? Math.round(again) : times.renewMs;
    this.#timer = runtime.setTimer(waitMs, () => void this.renew());
  }

  async #renew(): Promise<void> {
    const { stores, runtime, times, onFault } = this.#options;
    const workerId = this.#workerId;
    try {
      if (workerId === null) {
        await this.#beginAnew();
        return;
      }
      const asked = runtime.monotonic();
      const holds = await stores.renewLease(workerId, runtime.now(), times.ttlMs);
      if (holds) this.#renewedAt = asked;
      else this.#lose(workerId);
    } catch (error) {
      const isOver = StoreFault.is(error) && error.code === "too-new";
      if (workerId === null || isOver) onFault(error);
      // A store that cannot be had: hold on while the lease surely lasts, then let go by ourselves.
      if (workerId !== null && (isOver || this.#isSilent())) this.#lose(workerId);
    }
  }

  async #beginAnew(): Promise<void> {
    const { stores, runtime, holder } = this.#options;
    const now = runtime.now();
    const successor = (await stores.leases()).find(
      ({ workerId, name, endedAt, expiresAt }) =>
        name === holder.name && workerId !== this.#lastId && endedAt === null && expiresAt > now,
    );
    if (successor === undefined) return this.begin();
    const { name, host, pid } = successor;
    throw new StoreFault(
      "owned",
      `process ${pid} on ${host} works under the name ${name} now: this one carries out nothing until that one is gone`,
    );
  }

  #hear(workerId: WorkerId, word: LeaseWord): void {
    if (word === "ended" || this.#isSilent()) this.#lose(workerId);
  }

  /** Too long for a lease that surely lasts, by a clock that only grows (P10). */
  #isSilent(): boolean {
    const { runtime, times } = this.#options;
    const ownMs = runtime.monotonic() - this.#renewedAt;
    const silentMs = Math.min(ownMs, this.#keeper?.silentMs ?? ownMs);
    return silentMs > (times.ttlMs * 2) / 3;
  }

  #lose(workerId: WorkerId): void {
    if (this.#workerId !== workerId) return;
    this.#letGo();
    this.#options.onLost(workerId);
    this.#arm();
  }

  #letGo(): WorkerId | null {
    const workerId = this.#workerId;
    this.#workerId = null;
    this.#keeper?.[Symbol.dispose]();
    this.#keeper = null;
    return workerId;
  }
}
