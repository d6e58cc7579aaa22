import { StoreFault } from "../store.ts";
import { ask, type OwnerClient } from "./owner-client.ts";

/** How a database is set, as a connection of the application finds it. */
export interface PostgresSettings {
  /** As people say it: `17.4`. */
  readonly version: string;
  readonly versionNumber: number;
  /** It follows another server, and is behind it. */
  readonly isStandby: boolean;
  readonly encoding: string;
  readonly fsync: string;
  readonly fullPageWrites: string;
  readonly synchronousCommit: string;
  /** Empty: a commit waits for no standby. */
  readonly synchronousStandbys: string;
  readonly maxConnections: number;
  /** Seconds until a silent connection is asked whether anybody is there; 0: as the system has it. */
  readonly keepalivesIdle: number;
  /** Milliseconds until a connection is given up that answers nothing; 0: as the system has it. */
  readonly tcpUserTimeout: number;
  /** Milliseconds between two looks whether a client is still there while it waits; 0: never. */
  readonly clientCheckInterval: number;
}

export interface SettingsWaiver {
  /** Whether commits may be lost that were acknowledged. */
  readonly acceptDataLoss: boolean;
}

/** Reads the settings that matter, in the session that asks. */
export async function readSettings(client: OwnerClient): Promise<PostgresSettings> {
  const [row] = await ask<PostgresSettings>(
    client,
    `select current_setting('server_version') as version,
       current_setting('server_version_num')::int as "versionNumber",
       pg_is_in_recovery() as "isStandby",
       current_setting('server_encoding') as encoding,
       current_setting('fsync') as fsync,
       current_setting('full_page_writes') as "fullPageWrites",
       current_setting('synchronous_commit') as "synchronousCommit",
       current_setting('synchronous_standby_names') as "synchronousStandbys",
       current_setting('max_connections')::int as "maxConnections",
       (select setting::int from pg_settings where name = 'tcp_keepalives_idle')
         as "keepalivesIdle",
       (select setting::int from pg_settings where name = 'tcp_user_timeout') as "tcpUserTimeout",
       (select setting::int from pg_settings where name = 'client_connection_check_interval')
         as "clientCheckInterval"`,
  );
  if (row === undefined)
    throw new StoreFault("failed", "the database said nothing of its settings");
  return row;
}

/** Why no store can be kept on a database that is set like this; null where nothing stands against it. */
export function checkSettings(
  settings: PostgresSettings,
  { acceptDataLoss }: SettingsWaiver,
): StoreFault | null {
  const problem = unfit(settings) ?? (acceptDataLoss ? null : (losesCommits(settings) ?? null));
  return problem === null ? null : new StoreFault("unsupported", problem);
}

const OLDEST = 150_000;

function unfit({ version, versionNumber, isStandby, encoding }: PostgresSettings): string | null {
  if (versionNumber < OLDEST) {
    return `Postgres ${version} is too old: 15 is the oldest that this works on`;
  }
  if (isStandby) {
    return "the database is a standby, and may not know yet what was decided: give the address of the primary";
  }
  if (encoding !== "UTF8") {
    return `the database is encoded in ${encoding}: create it with encoding 'UTF8'`;
  }
  return null;
}

/** What has been acknowledged has to survive a crash of the server (G1). */
function losesCommits(settings: PostgresSettings): string | null {
  const { fsync, fullPageWrites, synchronousCommit } = settings;
  if (fsync !== "on") return lost("fsync", fsync, "on, in postgresql.conf");
  if (fullPageWrites !== "on") {
    return lost("full_page_writes", fullPageWrites, "on, in postgresql.conf");
  }
  if (synchronousCommit !== "on" && synchronousCommit !== "remote_apply") {
    const where =
      "on, where it was changed: in postgresql.conf, for the database, the role or the pooler";
    return lost("synchronous_commit", synchronousCommit, where);
  }
  return null;
}

function lost(name: string, value: string, remedy: string): string {
  return `${name} is ${value}, so that a crash may lose what was acknowledged: set it to ${remedy}, or accept the loss with --accept-data-loss`;
}
