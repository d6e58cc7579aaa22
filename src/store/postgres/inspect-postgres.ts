import type { StoreClock } from "../clock.ts";
import { StoreFault } from "../store.ts";
import { connectDirectly } from "./direct-connection.ts";
import { findPending } from "./migrate.ts";
import { ask, type OwnerClient } from "./owner-client.ts";
import { canHear } from "./can-hear.ts";
import { checkSettings, readSettings, type PostgresSettings } from "./read-settings.ts";
import { actingRole, readStanding, type Standing } from "./roles.ts";

/** What a look at a database has found, apart from what is kept in it. */
export interface PostgresReport {
  readonly settings: PostgresSettings;
  /** Why no store should be kept there; null where nothing stands against it. */
  readonly unfit: string | null;
  /** Migrations of this release that are still to be done; null: it holds no store. */
  readonly pending: readonly string[] | null;
  /** Null where it holds no store. */
  readonly standing: Standing | null;
  /** The role that every connection takes on; null: it works as it connects. */
  readonly actsAs: string | null;
  /** Why row-level security cannot be relied on; null where it can be. */
  readonly unbound: string | null;
  readonly epoch: number | null;
  /** How far the database's clock is ahead of this machine's. */
  readonly clockOffsetMs: number;
  /** Whether a notification comes through: not behind a pooler that lends connections. */
  readonly hears: boolean;
  /** The longest transaction under way that writes; what was committed since is not told yet (P3). */
  readonly oldestWriter: OldestWriter | null;
  /** Tables with more dead rows than living ones, which vacuum does not keep up with (P14). */
  readonly bloated: readonly string[];
}

export interface OldestWriter {
  /** Null: a transaction that was prepared, and left. */
  readonly pid: number | null;
  readonly name: string;
  readonly ageMs: number;
}

/** Looks at a database as one who connects like a worker finds it. Nothing is changed. */
export async function inspectPostgres(
  url: string,
  clock: StoreClock,
  applicationName = "planwright doctor",
): Promise<PostgresReport> {
  const options = { url, applicationName, preamble: "set statement_timeout = '5s'" };
  const { client, close } = await connectDirectly(options);
  try {
    const settings = await readSettings(client);
    const hasStore = (await findStore(client)) === true;
    const standing = hasStore ? await readStanding(client) : null;
    return {
      settings,
      unfit: checkSettings(settings, { acceptDataLoss: false })?.message ?? null,
      pending: hasStore ? await findPending(client) : null,
      standing,
      ...actingOf(standing),
      epoch: hasStore ? await readEpoch(client) : null,
      clockOffsetMs: await measureOffset(client, clock),
      hears: await canHear(() => connectDirectly(options)),
      oldestWriter: await findOldestWriter(client),
      bloated: await findBloated(client),
    };
  } finally {
    await close();
  }
}

async function findStore(client: OwnerClient): Promise<boolean | undefined> {
  const [row] = await ask<{ found: boolean }>(
    client,
    `select exists (select from pg_tables
       where schemaname = 'planwright' and tablename = 'migrations') as found`,
  );
  return row?.found;
}

function actingOf(standing: Standing | null): Pick<PostgresReport, "actsAs" | "unbound"> {
  if (standing === null) return { actsAs: null, unbound: null };
  try {
    return { actsAs: actingRole(standing), unbound: null };
  } catch (error) {
    if (StoreFault.is(error)) return { actsAs: null, unbound: error.message };
    throw error;
  }
}

async function readEpoch(client: OwnerClient): Promise<number | null> {
  const [row] = await ask<{ epoch: number }>(
    client,
    "select epoch::int from planwright.deployment",
  ).catch(() => []);
  return row?.epoch ?? null;
}

async function measureOffset(client: OwnerClient, clock: StoreClock): Promise<number> {
  const asked = clock.now();
  const [row] = await ask<{ now: number }>(
    client,
    "select (extract(epoch from clock_timestamp()) * 1000)::float8 as now",
  );
  const answered = clock.now();
  return Math.round((row?.now ?? answered) - (asked + answered) / 2);
}

/** Of others only a monitor sees when they began; of prepared ones everybody does. */
async function findOldestWriter(client: OwnerClient): Promise<OldestWriter | null> {
  const [row] = await ask<OldestWriter>(
    client,
    `select pid, name, (extract(epoch from clock_timestamp() - began) * 1000)::float8 as "ageMs"
     from (
       select pid, coalesce(application_name, '') as name, xact_start as began
       from pg_stat_activity
       where backend_xid is not null and pid <> pg_backend_pid()
       union all
       select null, 'prepared transaction ' || gid, prepared from pg_prepared_xacts
     ) as writers
     where began is not null
     order by began
     limit 1`,
  );
  return row ?? null;
}

const DEAD_MIN = 100_000;

async function findBloated(client: OwnerClient): Promise<readonly string[]> {
  const rows = await ask<{ relname: string }>(
    client,
    `select relname from pg_stat_user_tables
     where schemaname = 'planwright' and n_dead_tup > greatest($1::bigint, n_live_tup)
     order by relname`,
    DEAD_MIN,
  );
  return rows.map(({ relname }) => relname);
}
