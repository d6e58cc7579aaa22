import { readdirSync, readFileSync } from "node:fs";
import { StoreFault } from "../store.ts";
import { askWhenFree, LOCK_WAIT_MS } from "./ask-when-free.ts";
import { hasState } from "./has-state.ts";
import { ask, inTransaction, type OwnerClient } from "./owner-client.ts";
import { standAlone } from "./stand-alone.ts";

/** One numbered step of the schema. */
export interface Migration {
  readonly number: number;
  readonly name: string;
  /** An older worker cannot live with what it makes. */
  readonly breaking: boolean;
  readonly sql: string;
}

export interface MigrateOptions {
  /**
   * Whether older workers may be left behind. Without it only what they can live with is done, as it
   * is at every start.
   */
  readonly breaking: boolean;
}

const FOLDER = new URL("./migrations/", import.meta.url);
const NAME = /^(\d{4})-[a-z0-9-]+\.sql$/;

/** The migrations of this release, in order. */
export function readMigrations(folder: URL = FOLDER): readonly Migration[] {
  return readdirSync(folder)
    .filter((name) => NAME.test(name))
    .toSorted()
    .map((name) => {
      const sql = readFileSync(new URL(name, folder), "utf8");
      const number = Number(name.slice(0, 4));
      return { number, name, breaking: sql.startsWith("--! breaking"), sql };
    });
}

/**
 * Brings the schema up to this release and names what was done; an empty database is made whole. Each
 * migration is one transaction with its row, and holds a lock: of processes that start at once one
 * migrates, and the others find it done.
 */
export async function migrate(
  client: OwnerClient,
  options: MigrateOptions,
  migrations: readonly Migration[] = readMigrations(),
): Promise<readonly string[]> {
  const done: string[] = [];
  for (;;) {
    // Looked at first without the lock: nearly always there is nothing to do.
    if (findNext(await readState(client), options, migrations) === null) return done;
    const name = await inTransaction(client, () => takeOneStep(client, options, migrations));
    if (name !== null) done.push(name);
  }
}

/** Migrations of this release that a store still lacks. */
export async function findPending(
  client: OwnerClient,
  migrations: readonly Migration[] = readMigrations(),
): Promise<readonly string[]> {
  const { rows } = await readState(client);
  return pendingOf(rows, migrations).map(({ name }) => name);
}

/** Whoever may not migrate lives with a store that is as new, or newer by nothing that breaks. */
export async function checkReadable(
  client: OwnerClient,
  migrations: readonly Migration[] = readMigrations(),
): Promise<void> {
  const { rows } = await readState(client);
  refuseNewer(rows, migrations);
  const [missing] = pendingOf(rows, migrations);
  if (missing === undefined) return;
  throw new StoreFault("unsupported", `the database lacks ${missing.name}: ${MIGRATE}`);
}

/** An older release must not work on what it does not know, whenever it finds out. */
export function tooNew(newer: string, known: number): StoreFault {
  return new StoreFault(
    "too-new",
    `the database is newer than this release (${newer} was done, this release knows ${known}): use the release that made it, or a later one`,
  );
}

/** `PLAN`: among the advisory locks of one database, ours. */
const LOCK = 1_347_174_734;
const MIGRATE = "run planwright db migrate as the owner of its tables";

interface State {
  readonly hasSchema: boolean;
  readonly rows: readonly Applied[];
}

interface Applied {
  readonly number: number;
  readonly name: string;
  readonly breaking: boolean;
}

async function readState(client: OwnerClient): Promise<State> {
  const [found] = await ask<{ schema: boolean; store: boolean; tables: boolean }>(
    client,
    `select to_regnamespace('planwright') is not null as schema,
       exists (select from pg_tables where schemaname = 'planwright') as tables,
       exists (select from pg_tables
               where schemaname = 'planwright' and tablename = 'migrations') as store`,
  );
  if (found?.store === true) return { hasSchema: true, rows: await readApplied(client) };
  if (found?.tables !== true) return { hasSchema: found?.schema === true, rows: [] };
  throw new StoreFault(
    "unsupported",
    "the schema planwright of this database belongs to another program",
  );
}

function readApplied(client: OwnerClient): Promise<readonly Applied[]> {
  return ask<Applied>(
    client,
    "select number::int, name, breaking from planwright.migrations order by number",
  );
}

/** The next migration to be done; null where there is none. A fault where it may not be. */
function findNext(
  { rows }: State,
  { breaking }: MigrateOptions,
  migrations: readonly Migration[],
): Migration | null {
  refuseNewer(rows, migrations);
  const pending = pendingOf(rows, migrations);
  const breaks = pending.find((migration) => migration.breaking);
  // Nobody works on an empty database.
  if (rows.length > 0 && breaks !== undefined && !breaking) {
    throw new StoreFault(
      "unsupported",
      `${breaks.name} is to be done, which older workers cannot live with: stop them, then run planwright db migrate`,
    );
  }
  return pending[0] ?? null;
}

/** Name of the migration that was done; null where another process has done it meanwhile. */
async function takeOneStep(
  client: OwnerClient,
  options: MigrateOptions,
  migrations: readonly Migration[],
): Promise<string | null> {
  await ask(client, "set local statement_timeout = 0");
  await ask(client, "set local lock_timeout = 0");
  await ask(client, "select pg_advisory_xact_lock($1)", LOCK);
  const state = await readState(client);
  const next = findNext(state, options, migrations);
  if (next === null) return null;
  await ask(client, `set local lock_timeout = '${LOCK_WAIT_MS}ms'`);
  try {
    // Nobody works on an empty database.
    if (next.breaking && state.rows.length > 0) await standAlone(client, next.name);
    await apply(client, next, state.hasSchema);
  } catch (error) {
    if (!isNoRight(error)) throw error;
    const message = `${next.name} is to be done, and this role may not do it: ${MIGRATE}`;
    throw new StoreFault("unsupported", message, { cause: error });
  }
  return next.name;
}

async function apply(client: OwnerClient, migration: Migration, hasSchema: boolean): Promise<void> {
  const { number, name, breaking, sql } = migration;
  if (!hasSchema) await ask(client, "create schema planwright");
  await ask(client, "set local search_path = planwright");
  // Rows that row-level security hides would be left as they were: that has to fail instead.
  await ask(client, "set local row_security = off");
  await askWhenFree(client, name, sql);
  await ask(client, "set local row_security = on");
  await ask(
    client,
    "insert into migrations (number, name, breaking) values ($1, $2, $3)",
    number,
    name,
    breaking,
  );
}

/** A worker lives with a newer store as long as nothing newer is marked as breaking. */
function refuseNewer(rows: readonly Applied[], migrations: readonly Migration[]): void {
  const last = migrations.at(-1)?.number ?? 0;
  const newer = rows.find(({ number, breaking }) => number > last && breaking);
  if (newer !== undefined) throw tooNew(newer.name, last);
}

function pendingOf(
  rows: readonly Applied[],
  migrations: readonly Migration[],
): readonly Migration[] {
  const last = rows.at(-1)?.number ?? 0;
  return migrations.filter(({ number }) => number > last);
}

/** Hidden rows are refused by the same code, and are a mistake of the migration. */
function isNoRight(error: unknown): boolean {
  if (!hasState(error, ["42501"])) return false;
  return !(error instanceof Error && String(error.cause).includes("row-level security"));
}
