import { setTimeout as pause } from "node:timers/promises";
import { StoreFault } from "../store.ts";
import { hasState } from "./has-state.ts";
import { ask, type OwnerClient } from "./owner-client.ts";

/** Half as long as a worker waits for a lock. */
export const LOCK_WAIT_MS = 1000;
const TRIES_MAX = 12;
const PAUSE_MS = 1500;

/**
 * Who waits for a table keeps everybody else from it meanwhile: it is tried again and again, and never
 * long. Other processes that would migrate wait for this one.
 */
export async function askWhenFree(client: OwnerClient, name: string, sql: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    await ask(client, "savepoint untouched");
    try {
      await ask(client, sql);
      return;
    } catch (error) {
      if (!hasState(error, ["55P03"])) throw error;
      if (tries === TRIES_MAX) throw neverFree(name, error);
    }
    await ask(client, "rollback to savepoint untouched");
    await pause(PAUSE_MS);
  }
}

function neverFree(name: string, cause: unknown): StoreFault {
  return new StoreFault(
    "failed",
    `${name} changes a table that another transaction has held all the time (a backup, or one that was left open): try again when that is over`,
    { cause, retryable: true },
  );
}
