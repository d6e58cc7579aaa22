import type { StoreClock } from "../store/clock.ts";

/** 2026-01-01T00:00:00.000Z */
const BEGINS_AT = 1_767_225_600_000;
/** A call that has not come back after so many turns of the event loop never will. */
const TURNS_MAX = 1_000_000;
/** So many timers in one moment are a circle of timers without delay. */
const TIMERS_PER_MOMENT = 100_000;

interface Entry {
  readonly at: number;
  readonly sequence: number;
  readonly callback: () => void;
  isCancelled: boolean;
}

/**
 * Time that stands still while anything can proceed, and then jumps to the next timer. Callbacks
 * of one moment run in the order in which they were set.
 */
export class SimulatedClock implements StoreClock {
  readonly #heap: Entry[] = [];
  #now: number;
  #sequence = 0;
  #deferred: (() => void)[] = [];
  #inFlight = 0;

  constructor(beginsAt: number = BEGINS_AT) {
    this.#now = beginsAt;
  }

  /** Milliseconds since 1970. */
  now(): number {
    return this.#now;
  }

  defer(callback: () => void): void {
    this.#deferred.push(callback);
  }

  setTimer(ms: number, callback: () => void): { cancel(): void } {
    const at = this.#now + Math.max(0, ms);
    this.#sequence += 1;
    const entry = { at, sequence: this.#sequence, callback, isCancelled: false };
    this.#push(entry);
    return { cancel: () => (entry.isCancelled = true) };
  }

  /** Time does not move on while this is under way, as long as it is not itself waiting for time. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.#inFlight += 1;
    try {
      return await work();
    } finally {
      this.#inFlight -= 1;
    }
  }

  /** Lets everything proceed that needs no time. */
  async settle(): Promise<void> {
    for (let turns = 0; turns < TURNS_MAX; turns += 1) {
      // All promises that are ready have had their turn when this one comes back.
      await new Promise<void>((resolve) => setImmediate(resolve));
      const callbacks = this.#deferred;
      if (callbacks.length === 0 && this.#inFlight === 0) return;
      this.#deferred = [];
      for (const callback of callbacks) callback();
    }
    throw new Error(`a call does not come back after ${TURNS_MAX} turns of the event loop`);
  }

  /** Carries out something that needs turns, and no time, and gives what it comes to. */
  async complete<T>(work: () => Promise<T>): Promise<T> {
    const promise = this.during(work);
    await Promise.race([this.settle(), promise]);
    return promise;
  }

  /** Lets so much time pass, timer by timer. */
  async advance(ms: number): Promise<void> {
    const until = this.#now + ms;
    let inMoment = 0;
    await this.settle();
    for (let next = this.#next(until); next !== null; next = this.#next(until)) {
      inMoment = next.at > this.#now ? 0 : inMoment + 1;
      if (inMoment > TIMERS_PER_MOMENT)
        throw new Error("timers without delay go round in a circle");
      this.#now = next.at;
      next.callback();
      await this.settle();
    }
    this.#now = until;
  }

  /** Takes out the first timer that is due by then. */
  #next(until: number): Entry | null {
    for (;;) {
      const [first] = this.#heap;
      if (first === undefined || (!first.isCancelled && first.at > until)) return null;
      this.#shift();
      if (!first.isCancelled) return first;
    }
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let place = heap.length;
    heap.push(entry);
    while (place > 0) {
      const above = (place - 1) >> 1;
      const other = heap[above];
      if (other === undefined || !isBefore(entry, other)) break;
      heap[place] = other;
      place = above;
    }
    heap[place] = entry;
  }

  #shift(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let place = 0;
    for (;;) {
      const left = heap[place * 2 + 1];
      const right = heap[place * 2 + 2];
      const isRight = left !== undefined && right !== undefined && isBefore(right, left);
      const child = isRight ? right : left;
      if (child === undefined || !isBefore(child, last)) break;
      heap[place] = child;
      place = place * 2 + (isRight ? 2 : 1);
    }
    heap[place] = last;
  }
}

function isBefore(left: Entry, right: Entry): boolean {
  return left.at === right.at ? left.sequence < right.sequence : left.at < right.at;
}
