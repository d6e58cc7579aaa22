import { readdirSync, readFileSync } from "node:fs";
import { StoreFault } from "../store.ts";
import type { Driver } from "./driver.ts";

/** One numbered step of the schema. */
export interface Migration {
  readonly number: number;
  readonly name: string;
  /** An older reader cannot live with what it makes. */
  readonly breaking: boolean;
  /** Its last statement sets `user_version` to its number. */
  readonly sql: string;
}

/** `PLAN`, in the header of the file. */
const APPLICATION_ID = 1_347_174_734;

const FOLDER = new URL("./migrations/", import.meta.url);
const NAME = /^(\d{4})-[a-z0-9-]+\.sql$/;

/** The migrations of this release, in order. */
export function readMigrations(folder: URL = FOLDER): readonly Migration[] {
  return readdirSync(folder)
    .filter((name) => NAME.test(name))
    .toSorted()
    .map((name) => {
      const sql = readFileSync(new URL(name, folder), "utf8");
      return { number: Number(name.slice(0, 4)), name, breaking: isBreaking(sql), sql };
    });
}

/**
 * Brings the schema up to this release, each migration in one transaction with its number, so that
 * a crash leaves it whole or not begun.
 */
export function migrate(driver: Driver, migrations: readonly Migration[] = readMigrations()): void {
  const version = readVersion(driver);
  refuseNewer(version, migrations);
  for (const migration of migrations) {
    if (migration.number > version) driver.transaction(() => apply(driver, migration));
  }
}

/** A reader lives with a newer store as long as nothing newer is marked as breaking. */
export function checkReadable(
  driver: Driver,
  migrations: readonly Migration[] = readMigrations(),
): void {
  const version = readVersion(driver);
  if (version < lastOf(migrations)) {
    throw new StoreFault("unsupported", versionMessage("is older", version, migrations));
  }
  const breaking = driver.find(
    "select number from migrations where number > ? and breaking = 1 order by number limit 1",
    lastOf(migrations),
  );
  if (breaking !== undefined) refuseNewer(version, migrations);
}

function readVersion(driver: Driver): number {
  const id = driver.find<{ application_id: number }>("pragma application_id")?.application_id;
  const version = userVersion(driver);
  const tables = driver.find<{ count: number }>("select count(*) as count from sqlite_schema");
  const isEmpty = version === 0 && tables?.count === 0;
  if (isEmpty || id === APPLICATION_ID) return version;
  throw new StoreFault("unsupported", "the file is a database of another program");
}

function userVersion(driver: Driver): number {
  return driver.find<{ user_version: number }>("pragma user_version")?.user_version ?? 0;
}

function refuseNewer(version: number, migrations: readonly Migration[]): void {
  if (version <= lastOf(migrations)) return;
  throw new StoreFault("too-new", versionMessage("is newer", version, migrations));
}

function versionMessage(what: string, version: number, migrations: readonly Migration[]): string {
  const last = lastOf(migrations);
  const remedy =
    version > last
      ? "use the release that made it, or a later one"
      : "open it once with this release, not only for reading";
  return `the store ${what} than this release (its schema is ${version}, this release knows ${last}): ${remedy}`;
}

function apply(driver: Driver, { number, name, breaking, sql }: Migration): void {
  driver.exec(sql);
  driver.run(
    "insert into migrations (number, name, breaking) values (?, ?, ?)",
    number,
    name,
    breaking ? 1 : 0,
  );
  if (userVersion(driver) !== number) throw new Error(`${name} does not set user_version`);
}

function lastOf(migrations: readonly Migration[]): number {
  return migrations.at(-1)?.number ?? 0;
}

function isBreaking(sql: string): boolean {
  return sql.startsWith("--! breaking");
}
