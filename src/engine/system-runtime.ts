import { randomUUIDv7 } from "node:crypto";
import type { Runtime, Timer } from "./runtime.ts";

/** Longer delays overflow the timers of Node; the callback is then put off again. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Time, chance and ids of the machine. */
export function createSystemRuntime(): Runtime {
  return {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    setTimer: startTimer,
    defer: (callback) => {
      setImmediate(callback);
    },
    // oxlint-disable-next-line eslint/no-restricted-properties -- the one place where chance comes from
    chance: () => Math.random(),
    uuid: () => randomUUIDv7(),
  };
}

function startTimer(ms: number, callback: () => void): Timer {
  let left = ms;
  let handle: NodeJS.Timeout;
  const next = () => {
    const step = Math.min(left, LONGEST_TIMER_MS);
    left -= step;
    handle = setTimeout(() => (left > 0 ? next() : callback()), step);
  };
  next();
  const cancel = () => clearTimeout(handle);
  return { cancel, [Symbol.dispose]: cancel };
}
