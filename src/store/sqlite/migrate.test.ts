import { describe, expect, test } from "vitest";
import { openDriver, type Driver } from "./driver.ts";
import { checkReadable, migrate, readMigrations, type Migration } from "./migrate.ts";

const MIGRATIONS = readMigrations();
const LAST = MIGRATIONS.at(-1)?.number ?? 0;

function next(sql: string, breaking = false): Migration {
  const number = LAST + 1;
  const name = "9999-next.sql";
  return { number, name, breaking, sql: `${sql}; pragma user_version = ${number}` };
}

function opened(): Driver {
  return openDriver({ path: ":memory:", readOnly: false });
}

function versionOf(driver: Driver): number {
  return driver.find<{ user_version: number }>("pragma user_version")?.user_version ?? -1;
}

function tablesOf(driver: Driver): string[] {
  return driver
    .all<{ name: string }>("select name from sqlite_schema where type = 'table' order by name")
    .map(({ name }) => name);
}

describe("migrating", () => {
  test("brings an empty file up to this release, and does nothing the second time", () => {
    const driver = opened();
    migrate(driver);
    migrate(driver);
    expect(versionOf(driver)).toBe(LAST);
    const rows = driver.all("select number, name, breaking from migrations order by number");
    expect(rows).toHaveLength(MIGRATIONS.length);
    expect(rows[0]).toEqual({ number: 1, name: "0001-init.sql", breaking: 1 });
  });

  test("the migrations are numbered from 1 without gaps, each setting its own number", () => {
    expect(MIGRATIONS.map(({ number }) => number)).toEqual(MIGRATIONS.map((_, index) => index + 1));
    for (const { number, sql } of MIGRATIONS) {
      expect(sql).toContain(`pragma user_version = ${number};`);
    }
  });

  test("S19: a migration that fails half-way has never begun", () => {
    const driver = opened();
    migrate(driver);
    const before = tablesOf(driver);
    const broken = next("create table half (id integer primary key) strict; select no_such_thing");
    expect(() => migrate(driver, [...MIGRATIONS, broken])).toThrow("no_such_thing");
    expect(tablesOf(driver)).toEqual(before);
    expect(versionOf(driver)).toBe(LAST);
    migrate(driver, [...MIGRATIONS, next("create table whole (id integer primary key) strict")]);
    expect(tablesOf(driver)).toContain("whole");
  });

  test("a migration that does not set its number is a bug, and leaves nothing", () => {
    const driver = opened();
    const sql = "create table migrations (number integer, name text, breaking integer) strict";
    const silent = { number: 1, name: "0001-silent.sql", breaking: false, sql };
    expect(() => migrate(driver, [silent])).toThrow("0001-silent.sql does not set user_version");
    expect(tablesOf(driver)).toEqual([]);
  });

  test("a store that a newer release made is refused, with the way out", () => {
    const driver = opened();
    migrate(driver, [...MIGRATIONS, next("create table newer (id integer primary key) strict")]);
    expect(() => migrate(driver)).toThrow(
      expect.objectContaining({
        code: "too-new",
        message: expect.stringContaining("use the release that made it"),
      }),
    );
  });

  test("a database of another program is left alone", () => {
    const driver = opened();
    driver.exec("create table theirs (id integer primary key)");
    expect(() => migrate(driver)).toThrow(expect.objectContaining({ code: "unsupported" }));
    expect(tablesOf(driver)).toEqual(["theirs"]);
  });
});

describe("a store of before", () => {
  test("0002: knows afterwards in which of its lanes somebody may start at once", () => {
    const driver = opened();
    migrate(driver, MIGRATIONS.slice(0, 1));
    driver.run(
      `insert into plans (no, tenant_no, id, status, name, revision, digest, version, partial,
         step_count, counts, open_requests, created_at, updated_at)
       values (1, 1, 'pln_1', 'executing', 'One', 1, '', 9, 0, 2, '{}', 0, 1000, 5000)`,
    );
    const insert =
      "insert into due_lanes (plan_no, pool, capability, alone, at, priority) values (1, ?, 'x', 0, ?, 3)";
    driver.run(insert, "now", 5000);
    driver.run(insert, "later", 5001);
    migrate(driver);
    const rows = driver.all("select pool, at_once, at, priority from due_lanes order by pool");
    expect(rows).toEqual([
      { pool: "later", at_once: 0, at: 5001, priority: 3 },
      { pool: "now", at_once: 1, at: 5000, priority: 3 },
    ]);
  });
});

describe("reading a store of another release", () => {
  test("goes on while nothing newer is marked as breaking", () => {
    const driver = opened();
    migrate(driver, [...MIGRATIONS, next("create table newer (id integer primary key) strict")]);
    expect(() => checkReadable(driver)).not.toThrow();
  });

  test("is refused where something newer is marked as breaking", () => {
    const driver = opened();
    migrate(driver, [...MIGRATIONS, next("alter table steps rename to tasks", true)]);
    expect(() => checkReadable(driver)).toThrow(expect.objectContaining({ code: "too-new" }));
  });

  test("is refused where the store has yet to be migrated", () => {
    const driver = opened();
    migrate(driver);
    const newer = [...MIGRATIONS, next("create table newer (id integer primary key) strict")];
    expect(() => checkReadable(driver, newer)).toThrow(
      expect.objectContaining({ code: "unsupported", message: expect.stringContaining("open it") }),
    );
  });
});
