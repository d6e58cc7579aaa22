import type { StoreClock } from "../store/clock.ts";

/**
 * Time, chance and ids: all that varies, in one place, so that a simulator can take it over.
 */
export interface Runtime extends StoreClock {
  /** Milliseconds that only grow; for measuring. */
  monotonic(): number;
  /** Calls back once, not before `ms` have passed. */
  setTimer(ms: number, callback: () => void): Timer;
  /** 0 to 1; drawn by name, so that a simulation can repeat it whatever else it draws. */
  chance(...name: readonly (string | number)[]): number;
  /** A new UUID of version 7. */
  uuid(): string;
}

export interface Timer extends Disposable {
  cancel(): void;
}
