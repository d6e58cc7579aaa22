import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Driver } from "./driver.ts";
import { openPgDriver } from "./pg-driver.ts";
import { openStoreDatabase, type StoreDatabase } from "./test-database.test-helper.ts";
import { toStoreFault } from "./to-store-fault.ts";

let database: StoreDatabase;

beforeAll(async () => {
  database = await openStoreDatabase();
});

afterAll(() => database[Symbol.asyncDispose]());

function run(sql: string, ...values: readonly (string | number)[]): Promise<unknown> {
  return database.driver.as("fleet").rows(sql, ...values);
}

/** What comes of one look at an address. */
async function look(change: (url: URL) => void): Promise<unknown> {
  const url = new URL(database.url);
  change(url);
  const driver: Driver = await openPgDriver({
    url: url.href,
    size: 1,
    preamble: "select 1",
    applicationName: "test",
  });
  try {
    return await driver.as("fleet").rows("select 1");
  } finally {
    await driver[Symbol.asyncDispose]();
  }
}

const CUT = `select pg_terminate_backend(pid) from pg_stat_activity
  where datname = current_database() and query = 'select pg_sleep(10)' and state = 'active'`;

describe("what the database says becomes a fault", () => {
  test("that may pass, where it cannot be reached or takes too long", async () => {
    const away = { code: "unreachable", retryable: true };
    await expect(look((url) => (url.port = "1"))).rejects.toMatchObject(away);
    await expect(look((url) => (url.hostname = "db.invalid"))).rejects.toMatchObject(away);
    await expect(
      database.driver.transaction("fleet", async (transaction) => {
        transaction.send("set local statement_timeout = 1");
        await transaction.rows("select pg_sleep(10)");
      }),
    ).rejects.toMatchObject(away);
    const cut = run("select pg_sleep(10)");
    cut.catch(() => undefined);
    while ((await database.owner.query(CUT)).rowCount === 0);
    await expect(cut).rejects.toMatchObject(away);
  });

  test("that does not pass by itself, where the address or the rights are wrong", async () => {
    const wrong = { code: "unreachable", retryable: false };
    await expect(look((url) => (url.password = "wrong"))).rejects.toMatchObject(wrong);
    await expect(look((url) => (url.pathname = "no_such_database"))).rejects.toMatchObject({
      ...wrong,
      message: expect.stringContaining("create it first"),
    });
    await expect(
      look((url) => url.searchParams.set("sslmode", "verify-full")),
    ).rejects.toMatchObject({
      ...wrong,
      message: expect.stringContaining("sslmode"),
    });
    await expect(run("delete from migrations")).rejects.toMatchObject({
      code: "unsupported",
      message: expect.stringContaining("permission denied for table migrations"),
    });
    await expect(run("select no from no_such_table")).rejects.toMatchObject({
      code: "unsupported",
      message: expect.stringContaining("planwright db migrate"),
    });
  });

  test("that tells to try again, where another transaction was in the way", async () => {
    const crossed = { code: "failed", retryable: true };
    const other = await database.connect();
    await other.query("begin; lock table leases in access exclusive mode");
    await expect(
      database.driver.transaction("fleet", async (transaction) => {
        transaction.send("set local lock_timeout = 1");
        await transaction.rows("select no from leases order by no");
      }),
    ).rejects.toMatchObject(crossed);
    await other.query("rollback");
    for (const code of ["40001", "40P01"]) {
      const raise = `do $$ begin raise exception 'crossed' using errcode = '${code}'; end $$`;
      await expect(run(raise)).rejects.toMatchObject(crossed);
    }
  });

  test("of a full disk, of a damaged file, of a server that only reads", async () => {
    const raised = (code: string) =>
      run(`do $$ begin raise exception 'raised' using errcode = '${code}'; end $$`);
    await expect(raised("53100")).rejects.toMatchObject({ code: "full", retryable: true });
    await expect(raised("58030")).rejects.toMatchObject({ code: "full", retryable: true });
    await expect(raised("XX001")).rejects.toMatchObject({ code: "corrupt", retryable: false });
    await expect(raised("XX000")).rejects.toMatchObject({ code: "failed", retryable: false });
    await expect(
      database.driver.transaction("fleet", async (transaction) => {
        transaction.send("set transaction read only");
        await transaction.rows("insert into tenants (id) values ('x') returning no");
      }),
    ).rejects.toMatchObject({ code: "unreachable", retryable: true });
  });

  test("P20: of a text that cannot be stored, and trying again does not help", async () => {
    const unstorable = { code: "failed", retryable: false };
    const insert = "insert into tenants (id) values ($1) returning no";
    await expect(run(insert, "nul\u0000inside")).rejects.toMatchObject({
      ...unstorable,
      message: expect.stringContaining("a NUL character"),
    });
    await expect(run("select '\"\\u0000\"'::jsonb ->> 0")).rejects.toMatchObject(unstorable);
  });

  test("that keeps its cause, for whoever has to tell one conflict from another", async () => {
    await run("insert into tenants (id) values ('twice') returning no");
    await expect(
      run("insert into tenants (id) values ('twice') returning no"),
    ).rejects.toMatchObject({
      code: "failed",
      retryable: false,
      cause: expect.objectContaining({ code: "23505", table: "tenants" }),
    });
  });
});

describe("what is no fault of the database", () => {
  test("is left as it is", () => {
    const bug = new TypeError("we were wrong");
    expect(toStoreFault(bug)).toBe(bug);
    const file = Object.assign(new Error("EACCES: refused"), { code: "EACCES" });
    expect(toStoreFault(file)).toBe(file);
    expect(toStoreFault("thrown text")).toBe("thrown text");
  });

  test("is told by who says it: codes of the system may look like those of the server", () => {
    const pipe = Object.assign(new Error("write EPIPE"), { code: "EPIPE" });
    expect(toStoreFault(pipe)).toMatchObject({ code: "unreachable", retryable: true });
  });

  test("a client that was closed says so", async () => {
    const client = new Client({ connectionString: database.url });
    await client.connect();
    await client.end();
    const error = await client.query("select 1").catch((thrown: unknown) => thrown);
    expect(toStoreFault(error)).toMatchObject({ code: "unreachable" });
  });
});
