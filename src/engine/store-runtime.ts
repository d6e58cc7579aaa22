import type { StoreClock } from "../store/clock.ts";
import type { Runtime } from "./runtime.ts";

/**
 * A runtime that goes by the clock of a store: what several processes write and wait for is told by
 * one clock, however far those of their machines are apart.
 */
export function createStoreRuntime(runtime: Runtime, clock: StoreClock): Runtime {
  return {
    now: () => clock.now(),
    monotonic: () => runtime.monotonic(),
    setTimer: (ms, callback) => runtime.setTimer(ms, callback),
    defer: (callback) => runtime.defer(callback),
    chance: (...name) => runtime.chance(...name),
    uuid: () => runtime.uuid(),
  };
}
