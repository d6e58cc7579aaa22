import { beforeAll, describe, expect, test } from "vitest";
import type { Stores } from "../../../src/store/store.ts";
import { LONE_CONTESTANTS } from "./contestants.ts";
import type { Contestant } from "./contest.ts";
import { lacksOf } from "./equivalence.ts";
import { proveEquivalence, type EquivalenceReport } from "./prove-equivalence.ts";
import { SEED } from "./seeds.ts";

const SEQUENCES = 400;
const PATIENCE_MS = 120_000;

describe("the same random commands", () => {
  let report: EquivalenceReport;
  beforeAll(async () => {
    const contestants = LONE_CONTESTANTS;
    report = await proveEquivalence({ seed: SEED, sequences: SEQUENCES, contestants });
  }, PATIENCE_MS);

  test("come to the same answers, logs, rows and due work in memory and on SQLite", () => {
    expect(report.faults).toEqual([]);
    expect(report.sequences).toBe(SEQUENCES);
  });

  test("are of every kind, come again, come under used ids, and reach every event", () => {
    expect(lacksOf(report)).toEqual([]);
  });
});

describe("a store that does otherwise is found out", () => {
  const planted: readonly (readonly [string, (stores: Stores) => Stores])[] = [
    ["that takes what comes again for something new", forgetting],
    ["that delivers a message and keeps it", keepingMessages],
    ["that leaves an event out of the feed", withHoles],
  ];
  test.each(planted)("one %s", async (_, plant) => {
    const contestants = LONE_CONTESTANTS.slice(0, 1).map((one) => spoilt(one, plant));
    const { faults } = await proveEquivalence({ seed: SEED, sequences: 60, contestants });
    expect(faults).not.toEqual([]);
  });
});

function spoilt(contestant: Contestant, plant: (stores: Stores) => Stores): Contestant {
  return {
    ...contestant,
    open: async (options) => {
      const contest = await contestant.open(options);
      const { keepsOrder, processes } = contest;
      return {
        keepsOrder,
        processes: processes.map(plant),
        [Symbol.asyncDispose]: () => contest[Symbol.asyncDispose](),
      };
    },
  };
}

type Store = ReturnType<Stores["forTenant"]>;

/** The same stores, but for one method of each tenant's. */
function changed(stores: Stores, change: (store: Store) => Partial<Store>): Stores {
  const forTenant = (tenantId: string): Store => {
    const store = stores.forTenant(tenantId);
    return behind(store, change(store));
  };
  return behind<Stores>(stores, { forTenant });
}

function behind<T extends object>(whole: T, part: Partial<T>): T {
  return new Proxy(whole, {
    get: (target, name) => {
      const member: unknown = Reflect.get(Reflect.has(part, name) ? part : target, name);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
}

function forgetting(stores: Stores): Stores {
  let count = 0;
  return changed(stores, (store) => ({
    commit: (command, decide, settles) => {
      count += 1;
      return store.commit({ ...command, id: `${command.id}#${count}` }, decide, settles);
    },
  }));
}

function keepingMessages(stores: Stores): Stores {
  return changed(stores, (store) => ({
    commit: (command, decide) => store.commit(command, decide),
  }));
}

function withHoles(stores: Stores): Stores {
  return changed(stores, (store) => ({
    feed: async (after, limit) => {
      const page = await store.feed(after, limit);
      return { ...page, events: page.events.filter(({ type }) => type !== "step.succeeded") };
    },
  }));
}
