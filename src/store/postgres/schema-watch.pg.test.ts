import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { CONTRACT_PURE } from "../../testing/store-contract/contract-pure.ts";
import { Fixture, planOf } from "../../testing/store-contract/fixture.ts";
import type { Stores } from "../store.ts";
import { migrate, readMigrations, type Migration } from "./migrate.ts";
import { openPostgres } from "./open-postgres.ts";
import { openStoreDatabase, type StoreDatabase } from "./test-database.test-helper.ts";

const MIGRATIONS = readMigrations();
const NUMBER = (MIGRATIONS.at(-1)?.number ?? 0) + 1;
const NAME = "9999-later.sql";
const TOO_NEW = { code: "too-new", message: expect.stringContaining(`${NAME} was done`) };
const ALL = { breaking: true };
const TTL_MS = 60_000;

let database: StoreDatabase;
let stores: Stores;
/** How far time has gone on for the process under test. */
let ahead = 0;

beforeEach(async () => {
  ahead = 0;
  database = await openStoreDatabase();
  stores = await openPostgres({
    url: database.url,
    clock: { now: () => Date.now() + ahead, defer: (callback) => void setImmediate(callback) },
    pure: CONTRACT_PURE,
    acceptDataLoss: true,
  });
});

afterEach(async () => {
  await stores[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

/** What a later release brings that this one cannot live with. */
function withLater(sql = "create table later (id bigint)"): readonly Migration[] {
  return [...MIGRATIONS, { number: NUMBER, name: NAME, breaking: true, sql }];
}

function begin(ttlMs = TTL_MS): Promise<string> {
  const holder = { name: "worker-7", host: "box-3", pid: 4711, bootId: null };
  return stores.beginLease(holder, stores.clock.now(), ttlMs);
}

function renew(workerId: string): Promise<boolean> {
  return stores.renewLease(workerId, stores.clock.now(), TTL_MS);
}

async function isLaterDone(): Promise<boolean> {
  const { rows } = await database.owner.query("select to_regclass('planwright.later') as later");
  return rows[0]?.later !== null;
}

async function livingLeases(): Promise<number> {
  return (await stores.leases()).filter(({ endedAt }) => endedAt === null).length;
}

describe("what older workers cannot live with", () => {
  test("is not done while one of them works, and who that is is said", async () => {
    const workerId = await begin();
    await expect(migrate(database.owner, ALL, withLater())).rejects.toMatchObject({
      code: "owned",
      message: expect.stringContaining("process 4711 on box-3 (worker-7)"),
    });
    expect(await isLaterDone()).toBe(false);
    expect(await renew(workerId)).toBe(true);
    await stores.endLease(workerId);
    expect(await migrate(database.owner, ALL, withLater())).toEqual([NAME]);
  });

  test("is done where the last worker was killed, once its lease is over", async () => {
    const workerId = await begin(0);
    expect(await migrate(database.owner, ALL, withLater())).toEqual([NAME]);
    // Whoever was only stopped, and comes back, has lost it for good.
    await expect(renew(workerId)).rejects.toMatchObject(TOO_NEW);
    expect(await livingLeases()).toBe(0);
  });

  test("keeps one from beginning that was about to", async () => {
    const gate = await database.connect();
    await gate.query("select pg_advisory_lock(7)");
    const migrating = migrate(
      database.owner,
      ALL,
      withLater("select pg_advisory_xact_lock(7); create table later (id bigint)"),
    );
    await untilWaiting("pg_advisory_xact_lock(7)");
    const begun = begin();
    await Promise.all([
      expect(begun).rejects.toMatchObject(TOO_NEW),
      untilWaiting("update leases").then(() => gate.query("select pg_advisory_unlock(7)")),
    ]);
    expect(await migrating).toEqual([NAME]);
    expect(await livingLeases()).toBe(0);
  });
});

describe("what older workers can live with", () => {
  const expanding: Migration = {
    number: NUMBER,
    name: NAME,
    breaking: false,
    sql: "alter table plans add column region text default 'here'",
  };

  test("waits for a table that somebody holds, and keeps nobody else from it for long", async () => {
    const reader = await database.connect();
    await reader.query("begin; select count(*) from plans");
    const migrating = migrate(database.owner, { breaking: false }, [...MIGRATIONS, expanding]);
    await untilWaiting("alter table plans");
    const worker = await database.connect();
    await worker.query("set lock_timeout = '2s'");
    await expect(worker.query("select count(*) from plans")).resolves.toBeDefined();
    await reader.query("commit");
    expect(await migrating).toEqual([NAME]);
  });
});

describe("G18: a process at work, of which the store has become too new,", () => {
  const later = () =>
    database.owner.query("insert into migrations values ($1, $2, true)", [NUMBER, NAME]);
  const takeBack = () => database.owner.query("delete from migrations where number = $1", [NUMBER]);
  const create = (fixture: Fixture) => {
    const planId = `pln_${randomUUID()}`;
    return fixture.commit(fixture.createCommand(planId, planOf({ a: [] }), { id: planId }));
  };

  test("loses its lease, gets none, writes nothing and still reads", async () => {
    const fixture = new Fixture(stores, { time: Date.now() });
    await create(fixture);
    const workerId = await begin();
    await later();
    await expect(renew(workerId)).rejects.toMatchObject(TOO_NEW);
    await expect(create(fixture)).rejects.toMatchObject(TOO_NEW);
    await expect(begin()).rejects.toMatchObject(TOO_NEW);
    expect((await fixture.store.plans()).data).toHaveLength(1);
  });

  test("writes nothing five seconds later, also where it carries nothing out", async () => {
    const fixture = new Fixture(stores, { time: Date.now() });
    await create(fixture);
    await later();
    ahead = 5000;
    await expect(create(fixture)).rejects.toMatchObject(TOO_NEW);
    await expect(
      fixture.store.changeLimit("pool:gpu", { kind: "set", max: 1 }),
    ).rejects.toMatchObject(TOO_NEW);
  });

  test("goes on where that was taken back", async () => {
    const fixture = new Fixture(stores, { time: Date.now() });
    const workerId = await begin();
    await later();
    await expect(renew(workerId)).rejects.toMatchObject(TOO_NEW);
    await takeBack();
    expect(await renew(workerId)).toBe(true);
    expect(await create(fixture)).toMatchObject({ ok: true });
  });

  test("does not mind what it can live with", async () => {
    const workerId = await begin();
    await database.owner.query("insert into migrations values ($1, $2, false)", [NUMBER, NAME]);
    expect(await renew(workerId)).toBe(true);
  });
});

/** Somebody waits for a lock with such a statement. */
async function untilWaiting(statement: string): Promise<void> {
  const watcher = await database.connect();
  for (;;) {
    const { rows } = await watcher.query(
      `select from pg_stat_activity
       where wait_event_type = 'Lock' and position($1 in query) > 0 and datname = current_database()`,
      [statement],
    );
    if (rows.length > 0) return;
  }
}
