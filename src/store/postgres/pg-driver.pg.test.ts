import { afterAll, beforeAll, expect, test } from "vitest";
import { connected } from "../../../test/postgres/connected.ts";
import { createDatabase } from "../../../test/postgres/create-database.ts";
import type { Driver } from "./driver.ts";
import { openPgDriver } from "./pg-driver.ts";
import { openStoreDatabase, type StoreDatabase } from "./test-database.test-helper.ts";

let database: StoreDatabase;
let driver: Driver;

beforeAll(async () => {
  database = await openStoreDatabase();
  ({ driver } = database);
});

afterAll(() => database[Symbol.asyncDispose]());

const XID = "select pg_current_xact_id()::text as xid";
const TENANTS = "select count(*) as count from tenants where id like $1";
const INSERT = "insert into tenants (id) values ($1)";

async function tenantsLike(pattern: string): Promise<unknown> {
  return driver.as("fleet").rows(TENANTS, pattern);
}

test("what a session is asked at the same time is one transaction, and what comes later another", async () => {
  const session = driver.as({ tenantNo: 7 });
  const [first, second, tenant] = await Promise.all([
    session.rows(XID),
    session.rows(XID),
    session.rows("select current_setting('app.tenant') as tenant"),
  ]);
  expect(second).toEqual(first);
  expect(tenant).toEqual([{ tenant: "7" }]);
  expect(await session.rows(XID)).not.toEqual(first);
  expect(await driver.as("fleet").rows("select current_setting('app.tenant') as tenant")).toEqual([
    { tenant: "" },
  ]);
});

test("values come back as they went, in lists too, whatever is in them", async () => {
  const texts = ["", "NULL", 'say "no"', "a\\b", "{x},y", "line\nbreak", "ä€𝄞", null];
  const numbers = [0, -1, 2 ** 53 - 1, null, 1, 2, 3, 4];
  const flags = [true, false, null, true, true, true, true, true];
  const rows = await driver.as("fleet").rows(
    `select unnest($1::text[]) as text, unnest($2::bigint[]) as number,
       unnest($3::boolean[]) as flag`,
    texts,
    numbers,
    flags,
  );
  expect(rows).toEqual(
    texts.map((text, index) => ({ text, number: numbers[index], flag: flags[index] })),
  );
});

test("a transaction that waits for a row in the middle goes on where it was", async () => {
  const seen = await driver.transaction("fleet", async (transaction) => {
    const before = await transaction.rows(XID);
    transaction.send(INSERT, "on-1");
    const [after, again] = await Promise.all([transaction.rows(XID), transaction.rows(XID)]);
    transaction.send(INSERT, "on-2");
    return { before, after, again };
  });
  expect(seen.after).toEqual(seen.before);
  expect(seen.again).toEqual(seen.before);
  expect(await tenantsLike("on-_")).toEqual([{ count: 2 }]);
});

test("nothing stays of a transaction in which one statement fails", async () => {
  const failing = driver.transaction("fleet", async (transaction) => {
    transaction.send(INSERT, "gone-1");
    transaction.send("select 1 / 0");
    transaction.send(INSERT, "gone-2");
  });
  await expect(failing).rejects.toMatchObject({ cause: { code: "22012" } });
  expect(await tenantsLike("gone-_")).toEqual([{ count: 0 }]);
});

test("nothing stays of a transaction whose work throws, and what it threw is told", async () => {
  const bug = new TypeError("we were wrong");
  const failing = driver.transaction("fleet", async (transaction) => {
    transaction.send(INSERT, "thrown-1");
    await transaction.rows(XID);
    throw bug;
  });
  await expect(failing).rejects.toBe(bug);
  expect(await tenantsLike("thrown-_")).toEqual([{ count: 0 }]);
});

test("a statement that fails takes along what was asked beside it, and nothing that comes later", async () => {
  const session = driver.as("fleet");
  const answers = await Promise.allSettled([
    session.rows(`${INSERT} returning no`, "beside-1"),
    session.rows("select 1 / 0"),
    session.rows("select 1 as one"),
  ]);
  expect(answers.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
  expect(await session.rows("select 1 as one")).toEqual([{ one: 1 }]);
  expect(await tenantsLike("beside-_")).toEqual([{ count: 0 }]);
});

test("a number that this store never writes is a fault, and not another number", async () => {
  const session = driver.as("fleet");
  await expect(session.rows("select 9007199254740993 as number")).rejects.toMatchObject({
    code: "corrupt",
  });
  expect(await session.rows("select 9007199254740991 as number")).toEqual([
    { number: 9007199254740991 },
  ]);
});

test("a connection that ends while its transaction waits for something else costs that transaction alone", async () => {
  await using database = await createDatabase();
  const options = { url: database.url, size: 1, preamble: "select 1", applicationName: "ended" };
  await using driver = await openPgDriver(options);
  const lost = driver.transaction("fleet", async (transaction) => {
    transaction.send("select pg_sleep(60)");
    await connected(database.url, async (client) => {
      const ended = await client.query<{ gone: boolean }>(
        "select pg_terminate_backend(pid, 10000) as gone from pg_stat_activity where application_name = 'ended'",
      );
      expect(ended.rows).toEqual([{ gone: true }]);
      // Its last words are there by now, and nobody has asked for them.
      await client.query("select pg_sleep(0.05)");
    });
    return transaction.rows("select 1");
  });
  await expect(lost).rejects.toMatchObject({ code: "unreachable", retryable: true });
  expect(await driver.as("fleet").rows("select 1 as one")).toEqual([{ one: 1 }]);
});
