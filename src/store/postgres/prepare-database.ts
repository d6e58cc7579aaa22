import { StoreFault } from "../store.ts";
import { connectDirectly, type DirectConnection } from "./direct-connection.ts";
import { checkReadable, migrate, type MigrateOptions } from "./migrate.ts";
import { ask, type OwnerClient } from "./owner-client.ts";
import { checkSettings, readSettings, type SettingsWaiver } from "./read-settings.ts";
import { actingRole, ensureRoles, readStanding } from "./roles.ts";

export interface PrepareOptions extends SettingsWaiver {
  /** Whether a database that holds no store is refused, instead of being given one. */
  readonly mustExist?: boolean;
}

/**
 * Makes a database ready to work on, as far as the role that connects may: looks whether its settings
 * keep what is committed, brings the schema up to date, gives the application's role its rights. The
 * name of the role that every connection has to take on; null where it is bound by itself.
 */
export async function prepareDatabase(
  url: string,
  applicationName: string,
  options: PrepareOptions,
): Promise<string | null> {
  await using connection = await connectToPrepare(url, applicationName);
  const { client } = connection;
  await refuseUnfit(client, options);
  if (options.mustExist === true) await refuseEmpty(client);
  await migrate(client, { breaking: false });
  await ensureRoles(client);
  return actingRole(await readStanding(client));
}

/** Brings the schema up to date, as far as is asked for, and says which migrations were done. */
export async function migrateDatabase(
  url: string,
  applicationName: string,
  options: SettingsWaiver & MigrateOptions,
): Promise<readonly string[]> {
  await using connection = await connectToPrepare(url, applicationName);
  const { client } = connection;
  await refuseUnfit(client, options);
  const done = await migrate(client, options);
  await ensureRoles(client);
  return done;
}

/** The role that a connection has to take on which only reads; nothing is changed. */
export async function findReadingRole(
  url: string,
  applicationName: string,
): Promise<string | null> {
  await using connection = await connectToPrepare(url, applicationName);
  const { client } = connection;
  await refuseUnfit(client, { acceptDataLoss: true });
  await refuseEmpty(client);
  await checkReadable(client);
  return actingRole(await readStanding(client));
}

/** A migration takes its time. */
const SILENCE_MAX_MS = 10 * 60 * 1000;

async function connectToPrepare(
  url: string,
  applicationName: string,
): Promise<DirectConnection & AsyncDisposable> {
  const preamble = "set idle_session_timeout = 0";
  const silenceMaxMs = SILENCE_MAX_MS;
  const connection = await connectDirectly({ url, applicationName, preamble, silenceMaxMs });
  return { ...connection, [Symbol.asyncDispose]: () => connection.close() };
}

async function refuseUnfit(client: OwnerClient, waiver: SettingsWaiver): Promise<void> {
  const fault = checkSettings(await readSettings(client), waiver);
  if (fault !== null) throw fault;
}

async function refuseEmpty(client: OwnerClient): Promise<void> {
  const [row] = await ask<{ found: boolean }>(
    client,
    `select exists (select from pg_tables
       where schemaname = 'planwright' and tablename = 'migrations') as found`,
  );
  if (row?.found === true) return;
  throw new StoreFault(
    "unreachable",
    "there is no store in this database: `planwright run FILE` and `planwright db migrate` make one",
  );
}
