import { Heap } from "../heap.ts";
import { comesBefore, type Ticket } from "./ticket.ts";

/** A ticket that may not start before `at`. */
interface Delayed {
  readonly ticket: Ticket;
  readonly at: number;
}

/**
 * Tickets of one lane that may not start before a time, each its own. They are set in order anew
 * when their time comes, so that no question walks past those that still wait.
 */
export class DelayedLine {
  readonly #delayed = new Map<string, Delayed>();
  /** Those whose time had not come whenever it was asked who may start. */
  readonly #waiting = new Heap<Delayed>(isEarlier);
  /** The others, in the order in which they may start, and by their times. */
  readonly #ripe = new Heap<Delayed>((left, right) => comesBefore(left.ticket, right.ticket));
  readonly #ripeByTime = new Heap<Delayed>(isEarlier);

  find(stepKey: string): Ticket | null {
    return this.#delayed.get(stepKey)?.ticket ?? null;
  }

  enter(ticket: Ticket, at: number): void {
    const delayed = { ticket, at };
    this.#delayed.set(ticket.stepKey, delayed);
    this.#waiting.add(delayed);
  }

  /** False where it did not stand here. */
  leave(stepKey: string): boolean {
    const delayed = this.#delayed.get(stepKey);
    if (delayed === undefined) return false;
    this.#delayed.delete(stepKey);
    if (this.#waiting.delete(delayed)) return true;
    this.#ripe.delete(delayed);
    return this.#ripeByTime.delete(delayed);
  }

  /** The first that may start now, those left aside that have gone elsewhere. */
  first(now: number, left: ReadonlySet<Ticket>): Ticket | null {
    this.#ripen(now);
    // By a clock that was set back, what is ripe may be early again.
    const first = this.#ripe.find((delayed) => mayStart(delayed, now) && !left.has(delayed.ticket));
    return first?.ticket ?? null;
  }

  /** The earliest of all their times. */
  get nextAt(): number | null {
    const waiting = this.#waiting.first?.at ?? Infinity;
    const next = Math.min(waiting, this.#ripeByTime.first?.at ?? Infinity);
    return next === Infinity ? null : next;
  }

  #ripen(now: number): void {
    for (;;) {
      const next = this.#waiting.first;
      if (next === null || !mayStart(next, now)) return;
      this.#waiting.delete(next);
      this.#ripe.add(next);
      this.#ripeByTime.add(next);
    }
  }
}

function mayStart({ at }: Delayed, now: number): boolean {
  return at <= now;
}

function isEarlier(left: Delayed, right: Delayed): boolean {
  return left.at < right.at;
}
