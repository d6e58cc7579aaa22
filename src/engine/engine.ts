import type { Pure } from "../core/pure.ts";
import type { Lane } from "../core/step/lease.ts";
import { StoreFault, type LeaseHolder, type LeaseTimes, type Stores } from "../store/store.ts";
import type { Committer } from "./committer.ts";
import type { Dispatcher, Hint } from "./dispatcher.ts";
import type { Executor } from "./executor.ts";
import { isAborted } from "./is-aborted.ts";
import { LeftAlone } from "./left-alone.ts";
import { Messenger } from "./messenger.ts";
import { Recovery, type EndProcess } from "./recovery.ts";
import type { Runtime, Timer } from "./runtime.ts";
import { Scheduler } from "./scheduler.ts";
import { Worker } from "./worker.ts";
import { DEFAULT_LEASE_TIMES, WorkerLife } from "./worker-life.ts";

export interface EngineOptions {
  readonly stores: Stores;
  readonly runtime: Runtime;
  readonly pure: Pure;
  readonly committer: Committer;
  readonly dispatcher: Dispatcher;
  readonly executors: readonly Executor[];
  readonly holder: LeaseHolder;
  readonly endProcess: EndProcess;
  /** Queues that this process serves; `default` if not said. */
  readonly pools?: readonly string[];
  /** Attempts under way at once in this process; 32 if not said. */
  readonly concurrency?: number;
  readonly leaseTimes?: LeaseTimes;
  readonly sweepMs?: number;
  /** How long what was told to stop may take; 10 s if not said. */
  readonly graceMs?: number;
  /** Told of every fault that the engine lives through. */
  readonly onFault?: (error: unknown) => void;
}

const DEFAULT_POOLS: readonly string[] = ["default"];
/** Whose work anybody may end or take over: how often each process looks for both. */
const SHARED_LOOK_MS = 1500;
/** Hints that something may have been ended come in bursts: one look serves all of them. */
const HINTED_LOOK_MS = 200;
/** How often a process that is to stop when nothing moves looks whether that is so. */
const IDLE_LOOK_MS = 50;

/**
 * One process's part in carrying out plans: it leases, carries out, renews its lease and takes over
 * what dead ones held. Any number of equal ones may work on a store that allows it.
 */
export class Engine implements AsyncDisposable {
  readonly worker: Worker;
  readonly #options: EngineOptions;
  readonly #life: WorkerLife;
  readonly #recovery: Recovery;
  readonly #scheduler: Scheduler;
  readonly #lookMs: number;
  #listening: Disposable | null = null;
  #sweep: Timer | null = null;
  #hintedLook: Timer | null = null;
  #sweeps = 0;
  #isHeir = false;
  #state: "new" | "running" | "draining" | "ended" = "new";

  constructor(options: EngineOptions) {
    this.#options = options;
    const { stores, runtime, committer, holder } = options;
    const onFault = options.onFault ?? (() => undefined);
    const pools = options.pools ?? DEFAULT_POOLS;
    const times = options.leaseTimes ?? DEFAULT_LEASE_TIMES;
    this.#lookMs = stores.exclusive ? times.renewMs : Math.min(times.renewMs, SHARED_LOOK_MS);
    this.worker = new Worker({
      stores,
      runtime,
      committer,
      holder,
      pools,
      onFault,
      pure: options.pure,
      executors: options.executors,
      concurrency: options.concurrency ?? 32,
      graceMs: options.graceMs ?? 10_000,
      onFree: () => this.#scheduler.wake(),
      onUnneeded: () => this.#scheduler.wakeForWaiting(),
      share: () => this.#scheduler.share,
    });
    const onLost = () => this.#lost();
    const onBegun = () => this.#begun();
    this.#life = new WorkerLife({ stores, runtime, holder, times, onBegun, onLost, onFault });
    const leftAlone = new LeftAlone({ runtime, onFault });
    this.#recovery = new Recovery({ ...options, leftAlone });
    this.#scheduler = new Scheduler({
      stores,
      runtime,
      committer,
      pools,
      leftAlone,
      onFault,
      messenger: new Messenger(stores, committer),
      worker: this.worker,
      sweepMs: options.sweepMs ?? 1000,
    });
  }

  /** Takes over what the last process left, then begins to work. */
  async start(): Promise<void> {
    if (this.#state !== "new") throw new Error(`the engine is ${this.#state}`);
    this.#state = "running";
    const { exclusive } = this.#options.stores;
    if (exclusive) await this.#recovery.sweep("owner");
    await this.#life.begin();
    if (!exclusive) await this.#takeOver();
    this.#listening = this.#options.dispatcher.listen((hint) => this.#hear(hint));
    this.#scheduler.start();
    this.#armSweep();
  }

  /** Whether somebody here carries out what stands in a lane. */
  serves({ pool, capability }: Lane): boolean {
    const pools = this.#options.pools ?? DEFAULT_POOLS;
    return pools.includes(pool) && this.worker.capabilities.has(capability);
  }

  /**
   * Resolves when nothing runs here, and nothing in the store goes on by itself within the given
   * time; or when the signal says so.
   */
  async untilIdle(withinMs: number, signal?: AbortSignal): Promise<void> {
    const { runtime } = this.#options;
    while (!isAborted(signal)) {
      const now = runtime.now();
      const { due, nextAt } = await this.#scheduler.due(now, 1);
      const later = nextAt === null || nextAt > now + withinMs;
      if (due.length === 0 && later && this.worker.busy === 0) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      using _timer = runtime.setTimer(IDLE_LOOK_MS, resolve);
      await promise;
    }
  }

  /**
   * Starts nothing new and lets what runs end. What has not ended in time, or when `hurry` says so,
   * is cut short; its steps start again elsewhere, or ask a person where they may have taken effect.
   */
  async drain(patienceMs: number, hurry?: AbortSignal): Promise<void> {
    if (this.#state !== "running") return;
    this.#state = "draining";
    this.#listening?.[Symbol.dispose]();
    this.#sweep?.cancel();
    this.#hintedLook?.cancel();
    const { runtime } = this.#options;
    const cut = () => void this.worker.cutShort("drained");
    using _patience = runtime.setTimer(patienceMs, cut);
    hurry?.addEventListener("abort", cut);
    // The worker first: what the scheduler still asks it for is given up where it cannot be had.
    const ended = this.worker.drain();
    await this.#scheduler.stop();
    await ended;
    hurry?.removeEventListener("abort", cut);
    await this.#settle();
    this.#state = "ended";
  }

  /** Where the store cannot take it any more, whoever comes next finds that this worker is gone. */
  async #settle(): Promise<void> {
    try {
      await this.#life.end();
      await this.#recovery.sweep("heir");
    } catch (error) {
      if (!StoreFault.is(error)) throw error;
      this.#options.onFault?.(error);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.drain(0);
  }

  /** Who had the name before is dead since this life began: its work comes first. */
  async #takeOver(): Promise<void> {
    const as = this.#isHeir ? "heir" : "other";
    this.#isHeir = false;
    await this.#recovery.sweep(as);
  }

  #begun(): void {
    this.#isHeir = true;
    this.worker.serve(this.#life.workerId);
    this.#scheduler.wake();
  }

  #lost(): void {
    this.worker.serve(null);
    this.worker.cutShort("fenced");
  }

  #hear(hint: Hint): void {
    const pools = this.#options.pools ?? DEFAULT_POOLS;
    if (hint === "everybody") this.#lookSoon();
    else if (hint !== "here" && !(this.worker.free > 0 && pools.some((pool) => hint.has(pool)))) {
      return;
    }
    this.#scheduler.wake();
  }

  /** Another process may have ended what runs here. */
  #lookSoon(): void {
    if (this.#options.stores.exclusive || this.#hintedLook !== null) return;
    this.#hintedLook = this.#options.runtime.setTimer(HINTED_LOOK_MS, () => {
      this.#hintedLook = null;
      this.worker.letGoOfEnded().catch(this.#options.onFault ?? (() => undefined));
    });
  }

  #armSweep(): void {
    const { runtime, stores, holder } = this.#options;
    this.#sweeps += 1;
    // Equal processes do not all look at the same moment.
    const spread = stores.exclusive
      ? 1
      : 0.8 + runtime.chance("look", holder.name, this.#sweeps) / 5;
    const waitMs = Math.round(this.#lookMs * spread);
    this.#sweep = runtime.setTimer(waitMs, () => void this.#sweepOnce());
  }

  async #sweepOnce(): Promise<void> {
    try {
      await this.#life.freshen();
      if (!this.#options.stores.exclusive) await this.worker.letGoOfEnded();
      await this.#takeOver();
      this.worker.serve(this.#life.workerId);
    } catch (error) {
      this.#options.onFault?.(error);
    }
    if (this.#state === "running") this.#armSweep();
  }
}
