import { Client } from "pg";
import type { Driver } from "../../../src/store/postgres/driver.ts";
import { openPostgres } from "../../../src/store/postgres/open-postgres.ts";
import { openPgDriver } from "../../../src/store/postgres/pg-driver.ts";
import { preambleFor } from "../../../src/store/postgres/preamble.ts";
import { APP_ROLE } from "../../../src/store/postgres/roles.ts";
import type { Stores } from "../../../src/store/store.ts";
import { Chance } from "../../../src/testing/chance.ts";
import { TEST_PURE } from "../../../src/testing/given.ts";
import { lookAtRows } from "./look-at-rows.ts";
import { lookIntoCatalogue, readTenantTables } from "./look-into-catalogue.ts";
import { markOf } from "./tenant-marks.ts";
import { TenantLife } from "./tenant-life.ts";
import { trespass, type TrespassOptions } from "./trespass.ts";
import { WithoutFilters } from "./without-filters.ts";

export interface IsolationOptions {
  /** An empty database, as a superuser. */
  readonly url: string;
  readonly seed: number;
  readonly transactions: number;
  readonly onProgress?: (done: number) => void;
  /** Plants a hole, once the schema is there. */
  readonly plant?: (owner: Client) => Promise<unknown>;
}

export interface IsolationReport {
  readonly transactions: number;
  readonly tenants: number;
  /** Statements that went out without their filter, and how many different ones there are. */
  readonly unfiltered: number;
  readonly statements: readonly string[];
  /** Answers in which a tenant met what is its own. */
  readonly met: number;
  /** What was tried past the store, and how often; the rows of their own that tenants met there. */
  readonly tried: Readonly<Record<string, number>>;
  readonly metPastStore: number;
  /** Rows that were looked at in the end, whoever's they are. */
  readonly rows: number;
  /** Foreign rows that one read shows where nothing but the filter is switched off. */
  readonly shownToSuperuser: number;
  readonly faults: readonly string[];
}

const TENANTS = 20;
const POOL = 5;
const ABREAST = 24;
const FAULTS_MAX = 20;

/** Tenants of one database whose application has forgotten every filter: none meets a row of another. */
export async function proveIsolation(options: IsolationOptions): Promise<IsolationReport> {
  const { url, seed, transactions, onProgress, plant } = options;
  const chance = new Chance(seed, "isolation");
  await using stack = new AsyncDisposableStack();
  const filters = stack.use(new WithoutFilters());
  const stores = stack.use(
    await openPostgres({
      url,
      clock: { now: () => 0, defer: (callback) => void setImmediate(callback) },
      pure: TEST_PURE,
      // Folded plans are kept apart by tenants anyway: here most of them are read each time.
      cache: { activeMax: 100, idleMax: 100 },
      acceptDataLoss: true,
      trustsCallers: true,
    }),
  );
  const owner = new Client({ connectionString: url });
  await owner.connect();
  stack.defer(() => owner.end());
  await plant?.(owner);
  const driver = stack.use(await open(url, APP_ROLE));
  const lives = Array.from(
    { length: TENANTS },
    (_, number) => new TenantLife(stores.forTenant(markOf(number))),
  );
  // A hole may be so large that a tenant cannot even begin.
  const begun = await Promise.all(lives.map((life) => life.begin().then(() => null, tellError)));
  const aim = {
    driver,
    tenants: await readTenants(owner),
    tables: await readTenantTables(owner),
  };
  const past: PastStore = { tried: {}, met: 0 };
  const faults = begun.filter((fault) => fault !== null);
  let turns = 0;
  await Promise.all(
    Array.from({ length: ABREAST }, async () => {
      while (filters.transactions < transactions && faults.length < FAULTS_MAX) {
        turns += 1;
        onProgress?.(filters.transactions);
        const turn = takeTurn(chance.of(turns), lives, aim, past);
        faults.push(...(await turn.catch((error: unknown) => [tellError(error)])));
      }
    }),
  );
  const looked = await lookAtRows(owner, aim.tables);
  return {
    transactions: filters.transactions,
    tenants: aim.tenants.length,
    unfiltered: filters.changed,
    statements: filters.statements,
    met: lives.reduce((sum, { met }) => sum + met, 0),
    tried: past.tried,
    metPastStore: past.met,
    rows: looked.rows,
    shownToSuperuser: await countShown(url, aim.tenants),
    faults: [
      ...faults,
      ...lives.flatMap((life) => life.faults),
      ...(await lookIntoCatalogue(owner)),
      ...(await lookWithoutTenant(url, aim.tables)),
      ...looked.faults,
      ...(await lookAtMessages(stores, lives)),
      ...(await stores.check()),
    ].slice(0, FAULTS_MAX),
  };
}

function open(url: string, role: string | null): Promise<Driver> {
  const preamble = preambleFor(role);
  return openPgDriver({ url, size: POOL, preamble, applicationName: "isolation" });
}

/** One of a tenant's own ways, or one that no application has. */
async function takeTurn(
  chance: Chance,
  lives: readonly TenantLife[],
  aim: TrespassOptions,
  past: PastStore,
): Promise<readonly string[]> {
  if (chance.happens(0.5, "through the store")) {
    await chance.pick(lives, "tenant").act(chance);
    return [];
  }
  const { did, own, faults } = await trespass(aim, chance);
  past.tried[did] = (past.tried[did] ?? 0) + 1;
  past.met += own;
  return faults;
}

interface PastStore {
  readonly tried: Record<string, number>;
  met: number;
}

function tellError(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

async function readTenants(owner: Client): Promise<readonly number[]> {
  const { rows } = await owner.query<{ no: number }>(
    "select no::int as no from planwright.tenants order by no",
  );
  return rows.map(({ no }) => no);
}

/** Messages are delivered in their own tenant only; a plan that is called off leaves further ones. */
async function lookAtMessages(
  stores: Stores,
  lives: readonly TenantLife[],
): Promise<readonly string[]> {
  const { due } = await stores.due({
    now: 0,
    limit: 100_000,
    pools: [],
    capabilities: new Set(),
  });
  const left = new Set(
    due.flatMap((one) => (one.why === "message" ? [`${one.tenantId} ${one.message.id}`] : [])),
  );
  return lives.flatMap(({ tenantId, messages }) =>
    messages
      .filter((id) => !left.has(`${tenantId} ${id}`))
      .map((id) => `message ${id} of ${tenantId} was delivered in another tenant`),
  );
}

/** The application's role, which has not said for whom it acts, sees nothing of anybody. */
async function lookWithoutTenant(
  url: string,
  tables: readonly string[],
): Promise<readonly string[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const faults: string[] = [];
  try {
    await client.query(preambleFor(APP_ROLE));
    // The names are those of the catalogue.
    for (const table of [...tables, "tenants"]) {
      const { rowCount } = await client.query(`select from ${table} limit 10`);
      if (rowCount !== 0)
        faults.push(`${rowCount} rows of ${table} are shown to nobody in particular`);
    }
  } finally {
    await client.end();
  }
  return faults;
}

/** The control: the same statements as a superuser, whom row-level security does not bind. */
async function countShown(url: string, tenants: readonly number[]): Promise<number> {
  const [own = 0] = tenants;
  await using driver = await open(url, null);
  const rows = await driver
    .as({ tenantNo: own })
    .rows<{ tenant_no: number }>("select tenant_no from plans where tenant_no = $1", own);
  return rows.filter(({ tenant_no: no }) => no !== own).length;
}
