import { hash } from "node:crypto";
import { Client } from "pg";
import { openPostgres } from "../../../src/store/postgres/open-postgres.ts";
import type { Stores } from "../../../src/store/store.ts";
import { Chance } from "../../../src/testing/chance.ts";
import { TEST_PURE } from "../../../src/testing/given.ts";
import { holdTransactions, slowDownWriters } from "./hold-transactions.ts";
import { Ledger } from "./ledger.ts";
import { poll, type Poll } from "./poll.ts";
import { readNaively } from "./read-naively.ts";
import { writeEvents } from "./write-events.ts";

export interface FeedProofOptions {
  /** An empty database; as a superuser, who may slow its transactions down. */
  readonly url: string;
  readonly seed: number;
  readonly events: number;
  readonly onProgress?: (done: number) => void;
}

export interface FeedProofReport {
  readonly events: number;
  readonly plans: number;
  readonly commands: number;
  /** Pages and events that all readers were given, and how often they began at an earlier place. */
  readonly pages: number;
  readonly told: number;
  readonly resumed: number;
  readonly held: number;
  /** Events that a reader by position alone has not seen. */
  readonly naivelyMissed: number;
  readonly faults: readonly string[];
}

const TENANTS = ["acme", "bell"] as const;
const PROCESSES = 8;
const WRITERS = 8;
const POLLERS_EACH = 3;
const FAULTS_MAX = 20;

/** Writers at several processes, slow ones among them, and readers that follow them: none misses an event. */
export async function proveFeed(options: FeedProofOptions): Promise<FeedProofReport> {
  const { url, seed, events, onProgress } = options;
  const chance = new Chance(seed, "feed");
  await using stack = new AsyncDisposableStack();
  const processes: Stores[] = [];
  for (let number = 0; number < PROCESSES; number += 1) {
    processes.push(stack.use(await openOn(url)));
  }
  await slowDownWriters(url);
  const ledger = new Ledger();
  const work = { chance, processes, ledger, over: false };
  const isOver = (): boolean => work.over;
  const writers = write(work, events, onProgress).finally(() => (work.over = true));
  const [commands, polls, seen, held] = await allOrNone(work, [
    writers,
    follow(work, isOver),
    readNaively(url, isOver),
    holdTransactions(url, isOver),
  ]);
  const kept = await countEvents(url);
  return {
    events: ledger.total,
    plans: sumOf(TENANTS, (tenantId) => ledger.countsOf(tenantId).size),
    commands,
    pages: sumOf(polls, ({ pages }) => pages),
    told: sumOf(polls, ({ transcript }) => transcript.length),
    resumed: sumOf(polls, ({ resumed }) => resumed),
    held,
    naivelyMissed: kept - seen,
    faults: [
      ...(kept === ledger.total ? [] : [`${ledger.total} events were told, ${kept} are kept`]),
      ...TENANTS.flatMap((tenantId) => compareReaders(tenantId, polls, ledger)),
    ],
  };
}

interface Work {
  readonly chance: Chance;
  readonly processes: readonly Stores[];
  readonly ledger: Ledger;
  /** Nothing more is written. */
  over: boolean;
}

/** Where one fails, the others need not go on. */
function allOrNone<T extends readonly Promise<unknown>[]>(
  work: Work,
  all: readonly [...T],
): Promise<{ [K in keyof T]: Awaited<T[K]> }> {
  for (const one of all) one.catch(() => (work.over = true));
  return Promise.all(all);
}

async function write(
  work: Work,
  events: number,
  onProgress?: (done: number) => void,
): Promise<number> {
  const { chance, processes, ledger } = work;
  const commands = await Promise.all(
    Array.from({ length: WRITERS }, (_, number) => {
      const tenantId = TENANTS[number % TENANTS.length] ?? TENANTS[0];
      return writeEvents({
        name: String(number),
        stores: inTurn(processes, number).map((stores) => stores.forTenant(tenantId)),
        chance: chance.of("writer", number),
        ledger,
        isEnough: () => {
          onProgress?.(ledger.total);
          return work.over || ledger.total >= events;
        },
      });
    }),
  );
  return sumOf(commands, (count) => count);
}

function follow({ chance, processes }: Work, isOver: () => boolean): Promise<readonly Poll[]> {
  return Promise.all(
    TENANTS.flatMap((tenantId) =>
      Array.from({ length: POLLERS_EACH }, (_, number) =>
        poll({
          tenantId,
          readers: processes.map((stores) => stores.forTenant(tenantId)),
          chance: chance.of("poller", tenantId, number),
          isOver,
        }),
      ),
    ),
  );
}

function openOn(url: string): Promise<Stores> {
  return openPostgres({
    url,
    clock: { now: () => 0, defer: (callback) => void setImmediate(callback) },
    pure: TEST_PURE,
    cache: { activeMax: 20_000, idleMax: 2000 },
    acceptDataLoss: true,
    trustsCallers: true,
  });
}

function inTurn<T>(list: readonly T[], first: number): readonly T[] {
  const at = first % list.length;
  return [...list.slice(at), ...list.slice(0, at)];
}

async function countEvents(url: string): Promise<number> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ count: number }>(
      "select count(*)::int as count from planwright.events",
    );
    return rows[0]?.count ?? 0;
  } finally {
    await client.end();
  }
}

/** Everybody was told everything that was acknowledged, in one and the same order. */
function compareReaders(
  tenantId: string,
  polls: readonly Poll[],
  ledger: Ledger,
): readonly string[] {
  const transcripts = polls.map((one) => one.transcript).filter((one) => one.tenantId === tenantId);
  const faults = transcripts.flatMap((transcript) => transcript.faults);
  const orders = new Set(transcripts.map((one) => one.digest((bytes) => hash("sha256", bytes))));
  if (orders.size !== 1) faults.push(`the readers were told ${orders.size} different orders`);
  const counts = ledger.countsOf(tenantId);
  for (const { plans } of transcripts) {
    for (const planId of new Set([...counts.keys(), ...plans.keys()])) {
      const [told, committed] = [plans.get(planId) ?? 0, counts.get(planId) ?? 0];
      if (told !== committed) faults.push(`${told} events of ${planId} were told, of ${committed}`);
    }
  }
  return faults.slice(0, FAULTS_MAX);
}

function sumOf<T>(list: readonly T[], of: (one: T) => number): number {
  return list.reduce((sum, one) => sum + of(one), 0);
}
