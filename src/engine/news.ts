import type { PlanId } from "../core/id.ts";
import type { PlanEvent } from "../core/plan/event.ts";
import type { Committer, OnCommit } from "./committer.ts";
import type { Runtime, Timer } from "./runtime.ts";

export interface NewsOptions {
  readonly runtime: Runtime;
  /** Tells of commits in this process; another process's are found by looking every `sweepMs`. */
  readonly committer?: Committer | undefined;
  readonly sweepMs: number;
  /** Which commits are news; all, if not said. */
  readonly isNews?: (events: readonly PlanEvent[]) => boolean;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Says when it is worth looking at some plans again. It listens all the time, so what happens
 * between two waits, or during a look, is not missed.
 */
export class News implements Disposable {
  readonly #options: NewsOptions;
  readonly #listening = new Map<PlanId, Disposable>();
  #timer: Timer;
  #hasCome = false;
  #whenCome: (() => void) | null = null;

  constructor(options: NewsOptions) {
    this.#options = options;
    this.#timer = this.#armSweep();
    options.signal?.addEventListener("abort", this.#tell);
  }

  /** Listens for a plan from now on. */
  about(planId: PlanId): void {
    const { committer } = this.#options;
    if (committer === undefined || this.#listening.has(planId)) return;
    const { isNews } = this.#options;
    const hear: OnCommit = (events) => {
      if (isNews === undefined || isNews(events)) this.#tell();
    };
    this.#listening.set(planId, committer.onCommit(hear, planId));
  }

  /** Resolves at the next news, at once where some have come since the last time. */
  async next(): Promise<void> {
    if (!this.#hasCome) {
      await new Promise<void>((resolve) => {
        this.#whenCome = resolve;
      });
    }
    this.#hasCome = false;
  }

  [Symbol.dispose](): void {
    this.#timer.cancel();
    this.#options.signal?.removeEventListener("abort", this.#tell);
    for (const listening of this.#listening.values()) listening[Symbol.dispose]();
  }

  readonly #tell = (): void => {
    this.#hasCome = true;
    this.#whenCome?.();
    this.#whenCome = null;
  };

  #armSweep(): Timer {
    const { runtime, sweepMs } = this.#options;
    return runtime.setTimer(sweepMs, () => {
      this.#timer = this.#armSweep();
      this.#tell();
    });
  }
}
