/** What a store needs of time: given from outside, so that a simulator can take it over. */
export interface StoreClock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls back after everything that is under way now has had its turn. */
  defer(callback: () => void): void;
}
