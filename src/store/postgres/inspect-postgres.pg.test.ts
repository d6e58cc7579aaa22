import { Client } from "pg";
import { expect, test } from "vitest";
import { createDatabase } from "../../../test/postgres/create-database.ts";
import { startTcpProxy } from "../../testing/faults/tcp-proxy.ts";
import { inspectPostgres } from "./inspect-postgres.ts";
import { migrateDatabase } from "./prepare-database.ts";

const CLOCK = {
  now: () => Date.now(),
  defer: (callback: () => void) => void setImmediate(callback),
};

test("a database without a store is looked at, and left as it is", async () => {
  await using database = await createDatabase();
  const report = await inspectPostgres(database.url, CLOCK);
  expect(report).toMatchObject({ pending: null, standing: null, epoch: null, hears: true });
  expect(report.settings.version).toMatch(/^\d+/);
  expect(report.unfit).toMatch(/^fsync is off/);
  expect(await inspectPostgres(database.url, CLOCK)).toMatchObject({ pending: null });
});

test("a store is looked at as one who connects like a worker finds it", async () => {
  await using database = await createDatabase();
  await migrateDatabase(database.url, "test", { breaking: false, acceptDataLoss: true });
  const hourAhead = { ...CLOCK, now: () => Date.now() + 3_600_000 };
  const report = await inspectPostgres(database.url, hourAhead);
  expect(report).toMatchObject({ pending: [], epoch: 1, actsAs: "planwright_app", unbound: null });
  expect(report.standing).toMatchObject({ role: "postgres", isSuperuser: true });
  expect(Math.round(report.clockOffsetMs / 3_600_000)).toBe(-1);
  expect(report.bloated).toEqual([]);
});

test("the oldest transaction that writes is named", async () => {
  await using database = await createDatabase();
  const client = new Client({ connectionString: database.url, application_name: "forgotten" });
  await client.connect();
  await client.query("begin");
  await client.query("create table kept_open (n int)");
  // Others of the server may be older, but none is forgotten.
  await expect
    .poll(async () => (await inspectPostgres(database.url, CLOCK)).oldestWriter?.name)
    .toBe("forgotten");
  await client.query("rollback");
  await client.end();
});

test("who does not hear what is said is found out", async () => {
  await using database = await createDatabase();
  const isCommit = (statement: string): boolean => statement.startsWith("listen ");
  const port = Number(new URL(database.url).port);
  await using proxy = await startTcpProxy({ port, isCommit });
  proxy.cutCommits();
  expect(await inspectPostgres(proxy.route(database.url), CLOCK)).toMatchObject({ hears: false });
});
