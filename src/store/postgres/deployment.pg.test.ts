import { writeFileSync, chownSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connected } from "../../../test/postgres/connected.ts";
import type { PostgresServer } from "../../../test/postgres/postgres-server.ts";
import { startServer } from "../../../test/postgres/start-server.ts";
import { until } from "../../../test/torture/process/until.ts";
import { checkDeployment } from "./deployment.ts";
import type { Driver } from "./driver.ts";
import { migrate } from "./migrate.ts";
import { openPgDriver } from "./pg-driver.ts";
import { preambleFor } from "./preamble.ts";
import { checkSettings, readSettings, type PostgresSettings } from "./read-settings.ts";
import { APP_ROLE, ensureRoles } from "./roles.ts";
import { openStoreDatabase } from "./test-database.test-helper.ts";

const STRICTLY = { acceptDataLoss: false };
const LEASE = `insert into leases (worker_id, name, host, pid, began_at, expires_at)
  values ('wrk_1', 'one', 'box', 1, 0, 9007199254740991)`;

describe("a server of its own", () => {
  let server: PostgresServer;

  beforeAll(async () => {
    server = await startServer({ durable: true });
    await connected(server.url, async (client) => {
      await migrate(client, { breaking: false });
      await ensureRoles(client);
    });
  });

  afterAll(() => server[Symbol.asyncDispose]());

  function openDriver(): Promise<Driver> {
    const preamble = preambleFor(APP_ROLE);
    return openPgDriver({ url: server.url, size: 2, preamble, applicationName: "test" });
  }

  function settings(): Promise<PostgresSettings> {
    return connected(server.url, readSettings);
  }

  test("that keeps what it has acknowledged is fit for a store", async () => {
    expect(checkSettings(await settings(), STRICTLY)).toBe(null);
  });

  test("P17: is unfit where a setting of the database lets commits be lost, unless that is accepted", async () => {
    await connected(server.url, (client) =>
      client.query("alter database postgres set synchronous_commit = off"),
    );
    const found = await settings();
    expect(checkSettings(found, STRICTLY)).toMatchObject({
      code: "unsupported",
      message: expect.stringMatching(/^synchronous_commit is off, .*--accept-data-loss$/),
    });
    expect(checkSettings(found, { acceptDataLoss: true })).toBe(null);
    await connected(server.url, (client) =>
      client.query("alter database postgres reset synchronous_commit"),
    );
  });

  test("P15, P16: is refused while it is a standby, and begins a new epoch once it takes over", async () => {
    await using before = await openDriver();
    expect(await checkDeployment(before)).toEqual({ epoch: 1, hasMoved: false });
    await before.as("fleet").rows(LEASE);
    await before[Symbol.asyncDispose]();

    await server.stop("fast");
    const data = join(server.folder, "data");
    const { uid, gid } = statSync(data);
    writeFileSync(join(data, "standby.signal"), "");
    chownSync(join(data, "standby.signal"), uid, gid);
    const starting = server.start();
    const standby = await until("the standby", 20_000, () => settings().catch(() => null));
    expect(checkSettings(standby, { acceptDataLoss: true })).toMatchObject({
      code: "unsupported",
      message: expect.stringContaining("give the address of the primary"),
    });
    await connected(server.url, (client: Client) => client.query("select pg_promote()"));
    await starting;

    await using after = await openDriver();
    const looks = await Promise.all([checkDeployment(after), checkDeployment(after)]);
    expect(looks.map(({ epoch }) => epoch)).toEqual([2, 2]);
    expect(looks.filter(({ hasMoved }) => hasMoved)).toHaveLength(1);
    expect(await checkDeployment(after)).toEqual({ epoch: 2, hasMoved: false });
    const fleet = after.as("fleet");
    expect(await fleet.rows("select no from leases where ended_at is null")).toEqual([]);
    const [tenant] = await fleet.rows<{ no: number }>(
      "insert into tenants (id) values ('acme') returning no",
    );
    const tenantNo = tenant?.no ?? 0;
    const rows = await after.as({ tenantNo }).rows(
      `insert into events (tenant_no, plan_no, seq, hash, body) values ($1, 1, 1, '', '{}')
       returning epoch`,
      tenantNo,
    );
    expect(rows).toEqual([{ epoch: 2 }]);
  });
});

describe("P15: an epoch", () => {
  test("ends where the database was restored into another server", async () => {
    await using database = await openStoreDatabase();
    const { driver, owner } = database;
    expect(await checkDeployment(driver)).toEqual({ epoch: 1, hasMoved: false });
    await owner.query(LEASE);
    await owner.query("update deployment set system_id = '42'");
    expect(await checkDeployment(driver)).toEqual({ epoch: 2, hasMoved: true });
    const { rows } = await owner.query("select ended_at is not null as ended from leases");
    expect(rows).toEqual([{ ended: true }]);
  });

  test("lets nobody write into the one before once it has begun", async () => {
    await using database = await openStoreDatabase();
    const { driver, owner } = database;
    await checkDeployment(driver);
    const writer = await database.connect();
    const append = `insert into events (tenant_no, plan_no, seq, hash, body)
      values (1, 1, $1, '', '{}') returning epoch::int`;
    await writer.query("begin");
    await writer.query(append, [1]);
    await owner.query("update deployment set timeline = 77");
    // Whoever writes comes before the new epoch, and it waits for them.
    const beginning = checkDeployment(driver);
    await writer.query(append, [2]);
    await writer.query("commit");
    expect(await beginning).toEqual({ epoch: 2, hasMoved: true });
    await writer.query(append, [3]);
    const { rows } = await owner.query("select seq::int, epoch::int from events order by seq");
    expect(rows).toEqual([
      { seq: 1, epoch: 1 },
      { seq: 2, epoch: 1 },
      { seq: 3, epoch: 2 },
    ]);
  });

  test("goes on where a role may not ask which server it is, and what is known stays known", async () => {
    await using database = await openStoreDatabase();
    const { driver, owner } = database;
    await checkDeployment(driver);
    const known = await owner.query("select system_id, timeline from deployment");
    await owner.query(`
      revoke execute on function pg_control_system() from public;
      revoke execute on function pg_walfile_name(pg_lsn) from public`);
    expect(await checkDeployment(driver)).toEqual({ epoch: 1, hasMoved: false });
    const after = await owner.query("select system_id, timeline from deployment");
    expect(after.rows).toEqual(known.rows);
  });
});

describe("settings", () => {
  const FIT: PostgresSettings = {
    version: "17.4",
    versionNumber: 170_004,
    isStandby: false,
    encoding: "UTF8",
    fsync: "on",
    fullPageWrites: "on",
    synchronousCommit: "on",
    synchronousStandbys: "",
    maxConnections: 100,
    keepalivesIdle: 0,
    tcpUserTimeout: 0,
    clientCheckInterval: 0,
  };

  test("P17: that keep what was acknowledged, on this server or on its standbys as well, are fit", () => {
    expect(checkSettings(FIT, STRICTLY)).toBe(null);
    expect(checkSettings({ ...FIT, synchronousCommit: "remote_apply" }, STRICTLY)).toBe(null);
  });

  test.each([
    ["fsync", { fsync: "off" }],
    ["full_page_writes", { fullPageWrites: "off" }],
    ["synchronous_commit", { synchronousCommit: "off" }],
    ["synchronous_commit", { synchronousCommit: "local" }],
    ["synchronous_commit", { synchronousCommit: "remote_write" }],
  ])("P17: with %s as in %j are unfit, and the remedy is named", (name, change) => {
    const found = { ...FIT, ...change };
    expect(checkSettings(found, STRICTLY)).toMatchObject({
      code: "unsupported",
      message: expect.stringMatching(new RegExp(`^${name} is \\w+, .*set it to on`)),
    });
    expect(checkSettings(found, { acceptDataLoss: true })).toBe(null);
  });

  test("of a server that is too old, or of a database that is not in UTF-8, are never fit", () => {
    const accept = { acceptDataLoss: true };
    const old = { ...FIT, version: "14.22", versionNumber: 140_022 };
    expect(checkSettings(old, accept)?.message).toContain("Postgres 14.22 is too old");
    const latin = { ...FIT, encoding: "LATIN1" };
    expect(checkSettings(latin, accept)?.message).toContain("create it with encoding 'UTF8'");
  });
});
