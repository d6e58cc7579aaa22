import { hash } from "node:crypto";
import { expect, test } from "vitest";
import { openMemory } from "../store/memory/open-memory.ts";
import { StoreFault, type LeaseWord, type Stores } from "../store/store.ts";
import { TEST_PURE } from "../testing/given.ts";
import { interceptStores, type Intercept } from "../testing/intercept-stores.ts";
import { SimulatedClock } from "../testing/simulated-clock.ts";
import { SimulatedRuntime } from "../testing/simulated-runtime.ts";
import { WorkerLife } from "./worker-life.ts";

const HOLDER = { name: "one", host: "box", pid: 1, bootId: "boot" };
const TIMES = { ttlMs: 15_000, renewMs: 5_000 };

test("a lease lasts as long as it is renewed, and ends with its worker", async () => {
  const world = new LifeWorld();
  await world.begin();
  await world.clock.advance(60_000);
  expect(await world.living()).toEqual([world.life.workerId]);
  await world.do(() => world.life.end());
  expect(await world.living()).toEqual([]);
  await world.clock.advance(60_000);
  expect(await world.living()).toEqual([]);
});

test("a worker whose lease was ended lets go, and begins anew within two seconds", async () => {
  const world = new LifeWorld();
  await world.begin();
  const first = world.life.workerId ?? "";
  await world.do(() => world.stores.endLease(first));
  await world.clock.advance(TIMES.renewMs);
  expect(world.told).toEqual([`begun ${first}`, `lost ${first}`]);
  await world.clock.advance(2000);
  const second = world.life.workerId;
  expect(world.told.at(-1)).toBe(`begun ${second}`);
  expect(await world.living()).toEqual([second]);
});

test("a worker that has a living successor stands by, says so, and begins anew when that one is gone", async () => {
  const world = new LifeWorld();
  await world.begin();
  const successor = await world.do(() =>
    world.stores.beginLease({ ...HOLDER, pid: 2 }, world.clock.now(), 60_000),
  );
  await world.clock.advance(30_000);
  expect(world.life.workerId).toBeNull();
  expect(await world.living()).toEqual([successor]);
  expect(world.faults.at(-1)).toMatchObject({
    code: "owned",
    message: expect.stringContaining("process 2 on box works under the name one now"),
  });
  await world.do(() => world.stores.endLease(successor));
  await world.clock.advance(2000);
  expect(await world.living()).toEqual([world.life.workerId]);
});

test("a worker that took its lease to be over by itself is not its own successor", async () => {
  const world = new LifeWorld();
  await world.begin();
  const first = world.life.workerId;
  world.isAway = true;
  await world.clock.advance(11_000);
  world.keepers.at(-1)?.say("silent", 11_000);
  expect(world.told.at(-1)).toBe(`lost ${first}`);
  world.isAway = false;
  await world.clock.advance(2000);
  expect(world.life.workerId).not.toBeNull();
  expect(await world.living()).toEqual([world.life.workerId]);
});

test("whoever keeps the lease beside the loop is heard, and dismissed with it", async () => {
  const world = new LifeWorld();
  await world.begin();
  const first = world.life.workerId;
  world.keepers.at(-1)?.say("silent");
  expect(world.life.workerId).toBe(first);
  world.keepers.at(-1)?.say("ended");
  expect(world.life.workerId).toBeNull();
  expect(world.keepers.map(({ isKept }) => isKept)).toEqual([false]);
  await world.clock.advance(2000);
  expect(world.keepers.map(({ isKept }) => isKept)).toEqual([false, true]);
  await world.do(() => world.life.end());
  expect(world.keepers.map(({ isKept }) => isKept)).toEqual([false, false]);
});

test("a store that is away costs the lease after two thirds of its life, unless somebody else renews it", async () => {
  const world = new LifeWorld();
  await world.begin();
  const first = world.life.workerId;
  world.isAway = true;
  await world.clock.advance(40_000);
  expect(world.life.workerId).toBe(first);
  world.keepers.at(-1)?.say("silent", 11_000);
  expect(world.told.at(-1)).toBe(`lost ${first}`);
});

test("a worker is renewed once where several ask for it, and not while that is fresh", async () => {
  const world = new LifeWorld();
  await world.begin();
  await world.life.freshen();
  expect(world.renewals).toBe(0);
  await world.do(() => Promise.all([world.life.renew(), world.life.renew(), world.life.renew()]));
  expect(world.renewals).toBe(1);
});

/** One worker's life on a store in memory, in time that only the test lets pass. */
class LifeWorld {
  readonly clock = new SimulatedClock();
  readonly stores: Stores;
  readonly life: WorkerLife;
  readonly told: string[] = [];
  readonly faults: unknown[] = [];
  readonly keepers: Keeper[] = [];
  isAway = false;
  renewals = 0;

  constructor() {
    const { clock } = this;
    const sha256 = (content: Uint8Array): string => hash("sha256", content);
    this.stores = openMemory({ clock, pure: TEST_PURE, sha256 });
    this.life = new WorkerLife({
      stores: {
        ...interceptStores(this.stores, this.#pass),
        keepLease: (_workerId, _times, onWord) => {
          const keeper = new Keeper(onWord);
          this.keepers.push(keeper);
          return keeper;
        },
      },
      runtime: new SimulatedRuntime({ clock, seed: 1, name: "one" }),
      holder: HOLDER,
      times: TIMES,
      onBegun: (workerId) => this.told.push(`begun ${workerId}`),
      onLost: (workerId) => this.told.push(`lost ${workerId}`),
      onFault: (error) => this.faults.push(error),
    });
  }

  begin(): Promise<void> {
    return this.do(() => this.life.begin());
  }

  /** Lets everything that is under way come to its end. */
  do<T>(work: () => Promise<T>): Promise<T> {
    return this.clock.complete(work);
  }

  async living(): Promise<readonly (string | null)[]> {
    const leases = await this.stores.leases();
    return leases.filter(({ endedAt }) => endedAt === null).map(({ workerId }) => workerId);
  }

  readonly #pass: Intercept = ({ operation }, run) => {
    if (operation === "renewLease") this.renewals += 1;
    if (!this.isAway) return run();
    return Promise.reject(new StoreFault("unreachable", "away", { retryable: true }));
  };
}

class Keeper implements Disposable {
  readonly #onWord: (word: LeaseWord) => void;
  silentMs = 0;
  isKept = true;

  constructor(onWord: (word: LeaseWord) => void) {
    this.#onWord = onWord;
  }

  say(word: LeaseWord, silentMs = 0): void {
    this.silentMs = silentMs;
    this.#onWord(word);
  }

  [Symbol.dispose](): void {
    this.isKept = false;
  }
}
