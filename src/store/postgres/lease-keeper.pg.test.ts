import { expect, test, vi } from "vitest";
import { createDatabase } from "../../../test/postgres/create-database.ts";
import { startTcpProxy } from "../../testing/faults/tcp-proxy.ts";
import { CONTRACT_PURE } from "../../testing/store-contract/contract-pure.ts";
import type { LeaseWord, Stores } from "../store.ts";
import { openPostgres } from "./open-postgres.ts";

const HOLDER = { name: "one", host: "box", pid: 10, bootId: "boot" };
const CLOCK = {
  now: () => Date.now(),
  defer: (callback: () => void) => void setImmediate(callback),
};
const TIMES = { ttlMs: 2400, renewMs: 400 };
const SHORT = { ttlMs: 600, renewMs: 200 };

// Threads take their time where many tests run.
vi.setConfig({ testTimeout: 90_000 });
vi.setConfig({ expect: { poll: { timeout: 30_000 } } });

test("a lease is kept while the main loop has no turn at all", async () => {
  await using kept = await keepOn();
  stall(TIMES.ttlMs * 2);
  expect(kept.keeper.silentMs).toBeLessThan(TIMES.ttlMs);
  expect(await kept.stores.endExpiredLeases(0)).toEqual([]);
  expect(kept.words).toEqual([]);
});

test("a main loop that has no turn for four lives of its lease loses it, and is told when it is back", async () => {
  await using kept = await keepOn(SHORT);
  stall(SHORT.ttlMs * 7);
  expect(await kept.stores.endExpiredLeases(0)).toEqual([kept.workerId]);
  await expect.poll(() => kept.words).toContain("ended");
});

test("whose lease was ended is told", async () => {
  await using kept = await keepOn();
  await kept.stores.endLease(kept.workerId);
  expect(await kept.word).toBe("ended");
});

test("whom no renewal is granted any more is told in time, and told of nothing while there is one", async () => {
  await using database = await createDatabase();
  await using proxy = await startTcpProxy({ port: Number(new URL(database.url).port) });
  await using kept = await keepOn({ ttlMs: 3000, renewMs: 500 }, proxy.route(database.url));
  await expect.poll(() => kept.keeper.silentMs).toBeLessThan(500);
  proxy.blackhole();
  expect(await kept.word).toBe("silent");
  expect(kept.keeper.silentMs).toBeGreaterThan(2000);
  proxy.heal();
  await expect.poll(() => kept.keeper.silentMs).toBeLessThan(500);
});

test("a lease whose keeper was dismissed runs out", async () => {
  await using kept = await keepOn();
  kept.keeper[Symbol.dispose]();
  await expect.poll(() => kept.stores.endExpiredLeases(0)).toEqual([kept.workerId]);
  expect(kept.words).toEqual([]);
});

/** A lease that is kept on a database of its own, or on one that is given. */
async function keepOn(times = TIMES, given?: string) {
  const stack = new AsyncDisposableStack();
  const url = given ?? stack.use(await createDatabase()).url;
  const stores: Stores = stack.use(
    await openPostgres({ url, clock: CLOCK, pure: CONTRACT_PURE, acceptDataLoss: true }),
  );
  const workerId = await stores.beginLease(HOLDER, 0, times.ttlMs);
  const words: LeaseWord[] = [];
  const { promise: word, resolve } = Promise.withResolvers<LeaseWord>();
  const onWord = (said: LeaseWord): void => {
    words.push(said);
    resolve(said);
  };
  if (stores.keepLease === undefined) throw new Error("it keeps no leases");
  const keeper = stack.use(stores.keepLease(workerId, times, onWord));
  // From now on it is renewed: the thread has begun.
  await stores.renewLease(workerId, 0, times.ttlMs);
  await expect.poll(() => keeper.silentMs).toBeLessThan(100);
  return {
    stores,
    workerId,
    keeper,
    words,
    word,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** Keeps this thread from everything else. */
function stall(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
