import process from "node:process";

/**
 * What the main loop and the thread that keeps its lease know of each other, in memory that both
 * share. By the monotonic clock of the machine, which is the same in all threads.
 */
export class LeaseBeat {
  readonly memory: SharedArrayBuffer;
  readonly #times: BigInt64Array;

  constructor(memory: SharedArrayBuffer = new SharedArrayBuffer(2 * 8)) {
    this.memory = memory;
    this.#times = new BigInt64Array(memory);
  }

  /** The main loop had its turn. */
  beat(): void {
    Atomics.store(this.#times, MAIN_LOOP, now());
  }

  /** A renewal was granted that had been asked for at that time. */
  renewed(askedAt: bigint): void {
    Atomics.store(this.#times, RENEWAL, askedAt);
  }

  /** How long ago the main loop last had its turn. */
  get stalledMs(): number {
    return Number(now() - Atomics.load(this.#times, MAIN_LOOP));
  }

  /** How long ago the last renewal was asked for that was granted. */
  get silentMs(): number {
    return Number(now() - Atomics.load(this.#times, RENEWAL));
  }

  now(): bigint {
    return now();
  }
}

const MAIN_LOOP = 0;
const RENEWAL = 1;

function now(): bigint {
  return process.hrtime.bigint() / 1_000_000n;
}
