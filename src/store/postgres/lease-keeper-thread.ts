import { randomInt } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { parentPort, workerData } from "node:worker_threads";
import type { LeaseWord } from "../store.ts";
import { connectDirectly, type DirectConnection } from "./direct-connection.ts";
import { LeaseBeat } from "./lease-beat.ts";
import type { LeaseOrder } from "./lease-keeper.ts";
import { sessionOf } from "./session-of.ts";
import { renewLease } from "./sql/leases.ts";

/**
 * A main loop that is silent for so many lives of a lease (a minute) carries nothing out any more:
 * others may take over.
 */
const STALL_MAX_LEASES = 4;
const LOOK_MS = 250;
const AGAIN_MS = 500;
const APPLICATION_NAME = "planwright lease";

const stopping = new AbortController();
const { url, workerId, times, memory, ...order } = workerData as LeaseOrder;
const preamble = `${order.preamble}; set app.scope = 'fleet'`;
const beat = new LeaseBeat(memory);
let connection: DirectConnection | null = null;
let lastRenewal = beat.now();

parentPort?.on("message", () => stopping.abort());
const watching = setInterval(watch, LOOK_MS);
await keep();
clearInterval(watching);
await disconnect();
parentPort?.close();

async function keep(): Promise<void> {
  while (!stopping.signal.aborted) {
    const holds = beat.stalledMs > STALL_MAX_LEASES * times.ttlMs ? null : await renew();
    if (holds === false) return say("ended");
    // A server that comes back is not asked by everybody at once.
    const ms = holds === true ? times.renewMs : randomInt(AGAIN_MS / 2, AGAIN_MS);
    await pause(ms, undefined, { signal: stopping.signal }).catch(() => undefined);
  }
}

/** Null: it is not known, and is asked again soon. */
async function renew(): Promise<boolean | null> {
  const asked = beat.now();
  try {
    connection ??= await connectDirectly({ url, preamble, applicationName: APPLICATION_NAME });
    const holds = await renewLease(sessionOf(connection.client), workerId, null, times.ttlMs);
    if (holds) {
      lastRenewal = asked;
      beat.renewed(asked);
    }
    return holds;
  } catch {
    void disconnect();
    return null;
  }
}

async function disconnect(): Promise<void> {
  const last = connection;
  connection = null;
  await last?.close();
}

/** Says it again and again: who was told may still have had a renewal of its own. */
function watch(): void {
  if (Number(beat.now() - lastRenewal) > (times.ttlMs * 2) / 3) say("silent");
}

function say(word: LeaseWord): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  parentPort?.postMessage(word);
}
