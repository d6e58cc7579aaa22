import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connected } from "../../../test/postgres/connected.ts";
import { createDatabase } from "../../../test/postgres/create-database.ts";
import type { TestDatabase } from "../../../test/postgres/create-database-on.ts";
import { checkReadable, migrate, readMigrations, type Migration } from "./migrate.ts";

const MIGRATIONS = readMigrations();
const LAST = MIGRATIONS.at(-1)?.number ?? 0;
const AT_START = { breaking: false };

function next(sql: string, breaking = false): Migration {
  return { number: LAST + 1, name: "9999-next.sql", breaking, sql };
}

const newer = next("create table newer (id bigint primary key)");
const breaking = next("alter table steps rename to tasks", true);

/** An empty database and its owner, who is no superuser. */
async function onDatabase(
  work: (client: Client, database: TestDatabase) => Promise<void>,
): Promise<void> {
  await using database = await createDatabase();
  await connected(database.url, async (admin) => {
    await admin.query(`alter database ${database.name} owner to ${OWNER}`);
  });
  await connected(asOwner(database.url), (client) => work(client, database));
}

const OWNER = `migrator_${process.pid}`;
let others: TestDatabase;

beforeAll(async () => {
  others = await createDatabase();
  await connected(others.url, (admin) =>
    admin.query(`create role ${OWNER} login password 'secret'`),
  );
});

afterAll(async () => {
  await connected(others.url, (admin) => admin.query(`drop role ${OWNER}`));
  await others[Symbol.asyncDispose]();
});

function asOwner(url: string): string {
  const own = new URL(url);
  own.username = OWNER;
  own.password = "secret";
  return own.href;
}

async function tablesOf(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ tablename: string }>(
    "select tablename from pg_tables where schemaname = 'planwright' order by tablename",
  );
  return rows.map(({ tablename }) => tablename);
}

describe("migrating", () => {
  test("makes an empty database whole, and does nothing the second time", () =>
    onDatabase(async (client) => {
      expect(await migrate(client, AT_START)).toEqual(MIGRATIONS.map(({ name }) => name));
      expect(await migrate(client, AT_START)).toEqual([]);
      const { rows } = await client.query(
        "select number::int, name, breaking from planwright.migrations order by number",
      );
      expect(rows).toHaveLength(MIGRATIONS.length);
      expect(rows[0]).toEqual({ number: 1, name: "0001-init.sql", breaking: true });
    }));

  test("takes the same steps by the same numbers as the store on SQLite", () => {
    const twins = readdirSync(join(import.meta.dirname, "../sqlite/migrations")).toSorted();
    expect(MIGRATIONS.map(({ name }) => name)).toEqual(twins);
    expect(MIGRATIONS.map(({ number }) => number)).toEqual(MIGRATIONS.map((_, index) => index + 1));
  });

  test("by twenty processes at once makes an empty database whole, and none of them fails", () =>
    onDatabase(async (client, { url }) => {
      const done = await Promise.all(
        Array.from({ length: 20 }, () => connected(asOwner(url), (one) => migrate(one, AT_START))),
      );
      expect(done.flat().toSorted()).toEqual(MIGRATIONS.map(({ name }) => name));
      expect(await migrate(client, AT_START)).toEqual([]);
    }));

  test("S19: a step that fails half-way has never begun", () =>
    onDatabase(async (client) => {
      await migrate(client, AT_START);
      const before = await tablesOf(client);
      const broken = next("create table half (id bigint primary key); select no_such_thing");
      await expect(migrate(client, AT_START, [...MIGRATIONS, broken])).rejects.toThrow(
        "no_such_thing",
      );
      expect(await tablesOf(client)).toEqual(before);
      await migrate(client, AT_START, [...MIGRATIONS, newer]);
      expect(await tablesOf(client)).toContain("newer");
    }));

  test("what older workers cannot live with is done when somebody says so, and not before", () =>
    onDatabase(async (client) => {
      await migrate(client, AT_START);
      await expect(migrate(client, AT_START, [...MIGRATIONS, breaking])).rejects.toMatchObject({
        code: "unsupported",
        message: expect.stringContaining("stop them, then run planwright db migrate"),
      });
      expect(await tablesOf(client)).toContain("steps");
      await migrate(client, { breaking: true }, [...MIGRATIONS, breaking]);
      expect(await tablesOf(client)).toContain("tasks");
    }));

  test("an older worker starts beside a newer one, as long as nothing newer breaks it", () =>
    onDatabase(async (client) => {
      await migrate(client, AT_START, [...MIGRATIONS, newer]);
      expect(await migrate(client, AT_START)).toEqual([]);
      await expect(checkReadable(client)).resolves.toBeUndefined();
    }));

  test("an older worker is refused where something newer breaks it, with the way out", () =>
    onDatabase(async (client) => {
      await migrate(client, { breaking: true }, [...MIGRATIONS, breaking]);
      const refusal = {
        code: "too-new",
        message: expect.stringContaining("use the release that made it"),
      };
      await expect(migrate(client, { breaking: true })).rejects.toMatchObject(refusal);
      await expect(checkReadable(client)).rejects.toMatchObject(refusal);
    }));

  test("a schema of another program is left alone", () =>
    onDatabase(async (client) => {
      await client.query("create schema planwright; create table planwright.theirs (id int)");
      await expect(migrate(client, AT_START)).rejects.toMatchObject({ code: "unsupported" });
      expect(await tablesOf(client)).toEqual(["theirs"]);
    }));

  test("an empty schema that an administrator made is used", () =>
    onDatabase(async (client) => {
      await client.query("create schema planwright");
      await migrate(client, AT_START);
      expect(await tablesOf(client)).toContain("events");
    }));

  test("a role that may not migrate hears who may", () =>
    onDatabase(async (client, { url }) => {
      await migrate(client, AT_START);
      await connected(url, async (admin) => {
        await admin.query("grant usage on schema planwright to pg_monitor");
        await admin.query("grant select on planwright.migrations to pg_monitor");
        await admin.query("set role pg_monitor");
        expect(await migrate(admin, AT_START)).toEqual([]);
        await expect(migrate(admin, AT_START, [...MIGRATIONS, newer])).rejects.toMatchObject({
          code: "unsupported",
          message: expect.stringContaining("run planwright db migrate as the owner of its tables"),
        });
      });
    }));

  test("a store that has yet to be migrated is not read", () =>
    onDatabase(async (client) => {
      await expect(checkReadable(client)).rejects.toMatchObject({ code: "unsupported" });
      await migrate(client, AT_START);
      await expect(checkReadable(client, [...MIGRATIONS, newer])).rejects.toMatchObject({
        code: "unsupported",
        message: expect.stringContaining("the database lacks 9999-next.sql"),
      });
    }));

  test("P21: a step that would overlook rows, because they are hidden from the owner, fails", () =>
    onDatabase(async (client) => {
      await migrate(client, AT_START);
      const blind = next("update steps set attempt = 0");
      await expect(migrate(client, AT_START, [...MIGRATIONS, blind])).rejects.toThrow(
        "row-level security",
      );
    }));
});

describe("rows of an older release", () => {
  test("lanes with work that may start at once say so from then on", () =>
    onDatabase(async (client) => {
      await migrate(client, AT_START, MIGRATIONS.slice(0, 1));
      await client.query(`
        set search_path = planwright;
        set app.tenant = '1';
        insert into plans (no, tenant_no, id, status, name, revision, digest, version, partial,
          step_count, counts, open_requests, created_at, updated_at)
          values (1, 1, 'pln_1', 'executing', '', 1, '', 1, false, 1, '{}', 0, 5, 100);
        insert into due_lanes (plan_no, pool, capability, alone, tenant_no, tenant_id, plan_id, at,
          priority) values (1, 'now', '', false, 1, 'acme', 'pln_1', 100, 0),
          (1, 'later', '', false, 1, 'acme', 'pln_1', 101, 0)`);
      await migrate(client, AT_START);
      const { rows } = await client.query("select pool, at_once from due_lanes order by pool");
      expect(rows).toEqual([
        { pool: "later", at_once: false },
        { pool: "now", at_once: true },
      ]);
      const { rows: open } = await client.query(
        `select relname from pg_class
         where relnamespace = 'planwright'::regnamespace and relkind = 'r'
           and not (relrowsecurity and relforcerowsecurity)`,
      );
      expect(open).toEqual([]);
    }));
});
