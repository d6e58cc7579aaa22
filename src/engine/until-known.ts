import { StoreFault } from "../store/store.ts";
import type { Runtime } from "./runtime.ts";

const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 2000;

/**
 * Sends the same command, under the same id, until the store answers: a fault does not say whether
 * it stands. A full disk or a lost store is waited for; only a closed one ends the waiting.
 */
export async function untilKnown<T>(
  send: () => Promise<T>,
  options: { readonly runtime: Runtime; readonly onFault: (error: unknown) => void },
): Promise<{ readonly value: T; readonly tries: number }> {
  const { runtime, onFault } = options;
  let waitMs = FIRST_WAIT_MS;
  for (let tries = 1; ; tries += 1) {
    try {
      return { value: await send(), tries };
    } catch (error) {
      if (!StoreFault.is(error) || error.code === "closed" || error.code === "corrupt") throw error;
      onFault(error);
    }
    await pause(runtime, waitMs);
    waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS);
  }
}

/** Waits by the given clock. */
export function pause(runtime: Runtime, ms: number): Promise<void> {
  return new Promise((resolve) => runtime.setTimer(ms, resolve));
}
