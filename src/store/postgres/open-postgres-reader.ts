import { PlanCache } from "../plan-cache.ts";
import type { StoreOptions } from "../store-options.ts";
import type { StoresReader } from "../store.ts";
import { DatabaseClock } from "./database-clock.ts";
import { FoldingHolder } from "./folding-holder.ts";
import { KnownLimits } from "./known-limits.ts";
import { placeOf } from "./open-postgres.ts";
import { openPgDriver } from "./pg-driver.ts";
import { PlanGate } from "./plan-gate.ts";
import { PostgresStoresReader } from "./postgres-stores-reader.ts";
import { preambleFor } from "./preamble.ts";
import { findReadingRole } from "./prepare-database.ts";
import { Tenants } from "./tenants.ts";

export interface PostgresReaderOptions extends StoreOptions {
  readonly url: string;
  /** What the process calls itself to the server. */
  readonly applicationName?: string;
}

const CONNECTIONS = 2;

/** Opens a store for reading only, beside whoever works on it: nothing is made, migrated or held. */
export async function openPostgresReader(options: PostgresReaderOptions): Promise<StoresReader> {
  const { url, pure, applicationName = "planwright" } = options;
  const role = await findReadingRole(url, applicationName);
  const preamble = preambleFor(role);
  const driver = await openPgDriver({ url, size: CONNECTIONS, preamble, applicationName });
  const clock = new DatabaseClock(options.clock);
  await clock.measure(driver.as("fleet"));
  const cache = new PlanCache(options.cache);
  const gate = new PlanGate(() => undefined);
  const tenants = new Tenants(driver);
  return new PostgresStoresReader({
    description: `Postgres, ${placeOf(url)}, for reading only`,
    driver,
    tenants,
    limits: new KnownLimits(driver, clock),
    holder: new FoldingHolder({ driver, tenants, cache, gate }),
    clock,
    digest: (text) => pure.digest(text),
    close: async () => driver[Symbol.asyncDispose](),
  });
}
