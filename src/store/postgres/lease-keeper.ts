import { Worker as Thread } from "node:worker_threads";
import type { WorkerId } from "../../core/id.ts";
import type { LeaseKeeper, LeaseTimes, LeaseWord } from "../store.ts";
import { LeaseBeat } from "./lease-beat.ts";

/** What the thread is given to begin with. */
export interface LeaseOrder {
  readonly url: string;
  readonly preamble: string;
  readonly workerId: WorkerId;
  readonly times: LeaseTimes;
  readonly memory: SharedArrayBuffer;
}

const BEAT_MS = 1000;
const FAREWELL_MS = 2000;

/**
 * Renews a lease in a thread with a connection of its own and no code of a user's, so that neither a
 * busy main loop nor a full pool costs the lease. A main loop that is silent for a minute
 * (four times the life of a lease) loses it.
 */
export function keepLease(
  order: Omit<LeaseOrder, "memory">,
  onWord: (word: LeaseWord) => void,
): LeaseKeeper {
  const beat = new LeaseBeat();
  beat.beat();
  beat.renewed(beat.now());
  const workerData: LeaseOrder = { ...order, memory: beat.memory };
  const thread = new Thread(threadFile(), { workerData, execArgv: [], name: "planwright lease" });
  thread.unref();
  let isGone = false;
  const gone = (): void => {
    isGone = true;
  };
  thread.on("message", (word: LeaseWord) => onWord(word));
  // Without it the main loop's own renewals carry the lease.
  thread.on("error", gone);
  thread.on("exit", gone);
  const beating = setInterval(() => beat.beat(), BEAT_MS);
  beating.unref();
  return {
    get silentMs() {
      return isGone ? Number.POSITIVE_INFINITY : beat.silentMs;
    },
    [Symbol.dispose]: () => {
      clearInterval(beating);
      thread.removeAllListeners("message");
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
      thread.postMessage("stop");
      setTimeout(() => void thread.terminate(), FAREWELL_MS).unref();
    },
  };
}

/** Beside this file, as it is written or as it was built. */
function threadFile(): URL {
  return import.meta.url.endsWith(".ts")
    ? new URL("./lease-keeper-thread.ts", import.meta.url)
    : new URL("./lease-keeper-thread.js", import.meta.url);
}
