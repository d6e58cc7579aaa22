import { hash, randomUUID } from "node:crypto";
import { createFileArtifacts } from "../artifact/file-artifacts.ts";
import { createMemoryArtifacts } from "../artifact/memory-artifacts.ts";
import { PlanCache } from "../plan-cache.ts";
import type { StoreOptions } from "../store-options.ts";
import type { ArtifactStore, Stores } from "../store.ts";
import { CommandPruning } from "./command-pruning.ts";
import { DatabaseClock } from "./database-clock.ts";
import { connectDirectly } from "./direct-connection.ts";
import { FleetCommit } from "./fleet-commit.ts";
import { FoldingHolder } from "./folding-holder.ts";
import { KnownLimits } from "./known-limits.ts";
import { openPgDriver } from "./pg-driver.ts";
import { PlanGate } from "./plan-gate.ts";
import { PostgresStores } from "./postgres-stores.ts";
import { PostgresWriter } from "./postgres-writer.ts";
import { preambleFor } from "./preamble.ts";
import { prepareDatabase } from "./prepare-database.ts";
import { SchemaWatch } from "./schema-watch.ts";
import { sendHint } from "./sql/send-hint.ts";
import { Tenants } from "./tenants.ts";
import { WorkHints } from "./work-hints.ts";

export interface PostgresOptions extends StoreOptions {
  /** `postgres://user:password@host:port/database`, straight to the primary. */
  readonly url: string;
  /** Where contents are kept, which all processes of a fleet share; in memory if not said. */
  readonly artifacts?: string;
  /** The largest artifact, 1 GB if not said. */
  readonly artifactBytesMax?: number;
  /** What the process calls itself to the server. */
  readonly applicationName?: string;
  /** Work on a database that may lose what it has acknowledged when it crashes. */
  readonly acceptDataLoss?: boolean;
  /** Refuse a database that holds no store, instead of making one there. */
  readonly mustExist?: boolean;
  /** Leases go by the times that callers give: for tests whose time stands still. */
  readonly trustsCallers?: boolean;
}

/** Waves under way at once, each on a connection of its own. */
const WAVES = 4;
const READERS = 4;
const CONTROLS = 2;

/** Opens a store on Postgres, beside any number of others; throws a `StoreFault` that says why not. */
export async function openPostgres(options: PostgresOptions): Promise<Stores> {
  const { url, pure, applicationName = "planwright" } = options;
  const acceptDataLoss = options.acceptDataLoss ?? false;
  const mustExist = options.mustExist ?? false;
  const role = await prepareDatabase(url, applicationName, { acceptDataLoss, mustExist });
  const preamble = preambleFor(role);
  const open = (size: number) => openPgDriver({ url, size, preamble, applicationName });
  const [writing, reading, control] = await Promise.all([
    open(WAVES),
    open(READERS),
    open(CONTROLS),
  ]);
  const clock = new DatabaseClock(options.clock);
  if (options.trustsCallers !== true) await clock.measure(control.as("fleet"));
  const cache = new PlanCache(options.cache);
  const tenants = new Tenants(control);
  const limits = new KnownLimits(control, clock);
  const hints = new WorkHints({
    id: randomUUID(),
    connect: () => connectDirectly({ url, preamble, applicationName }),
    notify: (text) => sendHint(control.as("fleet"), text),
    chance,
  });
  const gate = new PlanGate(() => commits.pump());
  const tell = (pools: Iterable<string>): void => hints.tell(pools);
  const pruning = new CommandPruning({ driver: control, clock });
  const driver = writing;
  const about = { clock, cache, pure, tenants, limits };
  const carrier = new PostgresWriter({ ...about, driver, pruning, tell });
  const commits = new FleetCommit({ clock, carrier, gate, waves: WAVES, chance });
  return new PostgresStores({
    description: `Postgres, ${placeOf(url)}`,
    driver: reading,
    digest: (text) => pure.digest(text),
    holder: new FoldingHolder({ driver: reading, tenants, cache, gate }),
    direct: { url, preamble },
    trustsCallers: options.trustsCallers ?? false,
    artifactStore: artifactsOf(options),
    clock,
    commits,
    control,
    schema: new SchemaWatch({ driver: control, clock }),
    hints,
    limits,
    tenants,
    close: async () => {
      await commits.close();
      await hints[Symbol.asyncDispose]();
      await Promise.all([writing, reading, control].map((driver) => driver[Symbol.asyncDispose]()));
    },
  });
}

function artifactsOf(options: PostgresOptions): ArtifactStore {
  const { artifacts, artifactBytesMax } = options;
  const limit = artifactBytesMax === undefined ? {} : { bytesMax: artifactBytesMax };
  if (artifacts !== undefined)
    return createFileArtifacts({ folder: artifacts, isOwner: false, ...limit });
  return createMemoryArtifacts({ clock: options.clock, sha256, ...limit });
}

function sha256(content: Uint8Array): string {
  return hash("sha256", content);
}

/** Spreads those that try again; nothing that is decided rests on it. */
function chance(): number {
  return Number.parseInt(randomUUID().slice(0, 8), 16) / 0x1_0000_0000;
}

/** To be shown: without user and password. */
export function placeOf(url: string): string {
  const parsed = URL.parse(url);
  return parsed === null ? "at an address that cannot be read" : `${parsed.host}${parsed.pathname}`;
}
