import type { PlanId } from "../../core/id.ts";
import type { PlanReader } from "../../engine/plan-reader.ts";
import type { Progress } from "../screen/progress.ts";

const PAGE = 500;

/** Shows a plan's events as they come, and at its end those that are left. */
export class Follower {
  readonly progress: Progress;
  readonly #plans: PlanReader;
  readonly #planId: PlanId;
  readonly #stop = new AbortController();
  readonly #following: Promise<void>;
  #after: number;

  constructor(plans: PlanReader, planId: PlanId, progress: Progress, after: number) {
    this.#plans = plans;
    this.#planId = planId;
    this.progress = progress;
    this.#after = after;
    this.#following = this.#follow();
  }

  /** Shows all that has happened by now, and then nothing more. */
  async end(): Promise<void> {
    this.#stop.abort();
    await this.#following;
    for (;;) {
      const range = { after: this.#after, limit: PAGE };
      const events = await this.#plans.store.events(this.#planId, range);
      for (const event of events) this.progress.follow(event);
      this.#after = events.at(-1)?.seq ?? this.#after;
      if (events.length < PAGE) break;
    }
    this.progress.end();
  }

  async #follow(): Promise<void> {
    const options = { after: this.#after, signal: this.#stop.signal };
    for await (const event of this.#plans.events(this.#planId, options)) {
      this.progress.follow(event);
      this.#after = event.seq;
    }
  }
}
