import { Client } from "pg";
import { createDatabase } from "../../../test/postgres/create-database.ts";
import { CONTRACT_PURE } from "../../testing/store-contract/contract-pure.ts";
import { BEGINNING, Fixture } from "../../testing/store-contract/fixture.ts";
import type { PlanCacheLimits } from "../plan-cache.ts";
import type { Driver } from "./driver.ts";
import { migrate } from "./migrate.ts";
import { openPostgres } from "./open-postgres.ts";
import { openPgDriver } from "./pg-driver.ts";
import { preambleFor } from "./preamble.ts";
import { APP_ROLE, ensureRoles } from "./roles.ts";

/** A migrated database, and ways into it that all end with it. */
export interface StoreDatabase extends AsyncDisposable {
  readonly url: string;
  /** As a superuser, whom row-level security does not bind. */
  readonly owner: Client;
  /** As every process of the application. */
  readonly driver: Driver;
  connect(): Promise<Client>;
  openDriver(size: number): Promise<Driver>;
  /** A process on the database whose time stands still. */
  open(cache?: PlanCacheLimits): Promise<Fixture>;
}

export async function openStoreDatabase(): Promise<StoreDatabase> {
  const stack = new AsyncDisposableStack();
  const { url } = stack.use(await createDatabase());
  const connect = async (): Promise<Client> => {
    const client = new Client({ connectionString: url });
    stack.defer(() => client.end());
    await client.connect();
    await client.query("set search_path = planwright");
    return client;
  };
  const openDriver = async (size: number): Promise<Driver> => {
    const preamble = preambleFor(APP_ROLE);
    return stack.use(
      await openPgDriver({ url, size, preamble, applicationName: "planwright test" }),
    );
  };
  const open = async (cache?: PlanCacheLimits): Promise<Fixture> => {
    const clock = { time: BEGINNING };
    const stores = await openPostgres({
      url,
      clock: { now: () => clock.time, defer: (callback) => void setImmediate(callback) },
      pure: CONTRACT_PURE,
      acceptDataLoss: true,
      trustsCallers: true,
      ...(cache === undefined ? {} : { cache }),
    });
    stack.use(stores);
    return new Fixture(stores, clock);
  };
  const owner = await connect();
  await migrate(owner, { breaking: false });
  await ensureRoles(owner);
  const driver = await openDriver(6);
  const dispose = (): Promise<void> => stack.disposeAsync();
  return { url, owner, driver, connect, openDriver, open, [Symbol.asyncDispose]: dispose };
}

/** A tenant that has written nothing yet, with a number to act as. */
export async function addTenant(driver: Driver, tenantId: string): Promise<number> {
  const [row] = await driver
    .as("fleet")
    .rows<{ no: number }>("insert into tenants (id) values ($1) returning no", tenantId);
  return row?.no ?? 0;
}
