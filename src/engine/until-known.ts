import { StoreFault, type StoreFaultCode } from "../store/store.ts";
import type { Runtime } from "./runtime.ts";

const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 2000;

export interface Patience {
  readonly runtime: Runtime;
  readonly onFault: (error: unknown) => void;
}

/**
 * Sends the same command, under the same id, until the store answers: a fault does not say whether
 * it stands. A full disk or a lost store is waited for; what never will be answered here ends the
 * waiting, and whoever shuts down: the next one finds in the log what stands.
 */
export async function untilKnown<T>(
  send: () => Promise<T>,
  patience: Patience & { readonly givesUp: () => boolean },
): Promise<{ readonly value: T; readonly tries: number }> {
  return again(send, (fault) => !FINAL.has(fault.code) && !patience.givesUp(), patience);
}

const FINAL: ReadonlySet<StoreFaultCode> = new Set<StoreFaultCode>([
  "closed",
  "corrupt",
  "too-new",
  "unknown-event",
]);

/**
 * Stores something as soon as the store can take it: a full disk is no failure of the work that
 * wants to store. What is cut short meanwhile gets the fault.
 */
export async function untilStored<T>(
  store: () => Promise<T>,
  patience: Patience & { readonly signal: AbortSignal },
): Promise<T> {
  const { signal } = patience;
  const { value } = await again(store, (fault) => fault.retryable && !signal.aborted, patience);
  return value;
}

async function again<T>(
  work: () => Promise<T>,
  mayPass: (fault: StoreFault) => boolean,
  { runtime, onFault }: Patience,
): Promise<{ readonly value: T; readonly tries: number }> {
  let waitMs = FIRST_WAIT_MS;
  for (let tries = 1; ; tries += 1) {
    try {
      return { value: await work(), tries };
    } catch (error) {
      if (!StoreFault.is(error) || !mayPass(error)) throw error;
      onFault(error);
    }
    await pause(runtime, waitMs);
    waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS);
  }
}

/** Waits by the given clock. */
function pause(runtime: Runtime, ms: number): Promise<void> {
  return new Promise((resolve) => runtime.setTimer(ms, resolve));
}
