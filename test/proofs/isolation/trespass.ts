import type { Driver, Transaction } from "../../../src/store/postgres/driver.ts";
import { StoreFault } from "../../../src/store/store.ts";
import type { Chance } from "../../../src/testing/chance.ts";

export interface TrespassOptions {
  readonly driver: Driver;
  /** All tenants' numbers; the first of a transaction is its own. */
  readonly tenants: readonly number[];
  readonly tables: readonly string[];
}

/** What one transaction did, and what it should not have been able to. */
export interface Trespass {
  readonly did: string;
  /** Rows of its own that it met. */
  readonly own: number;
  readonly faults: readonly string[];
}

const ACTS = {
  "read everything": 5,
  "read another's": 4,
  "lock everything": 2,
  "change everything": 2,
  "move to another": 2,
  "add for another": 3,
  "look as the fleet": 2,
  "give up": 2,
  fail: 2,
  "take too long": 0.2,
} as const;

type Act = keyof typeof ACTS;

/** One transaction of a tenant that tries to get at what is others', or ends as transactions may end. */
export async function trespass(options: TrespassOptions, chance: Chance): Promise<Trespass> {
  const { driver, tenants, tables } = options;
  const did = chance.pickWeighted(ACTS, "act");
  const own = chance.pick(tenants, "own");
  const other = chance.pick(
    tenants.filter((no) => no !== own),
    "other",
  );
  const table = chance.pick(tables, "table");
  const scope = did === "look as the fleet" ? "fleet" : { tenantNo: own };
  const seen: Row[] = [];
  try {
    await driver.transaction(scope, async (transaction) => {
      seen.push(...(await carryOut(did, transaction, { own, other, table })));
    });
  } catch (error) {
    const code = codeOf(error);
    if (code === EXPECTED[did]) return { did, own: 0, faults: [] };
    return { did, own: 0, faults: [`${did} in ${table} ended with ${code}: ${String(error)}`] };
  }
  if (EXPECTED[did] !== undefined && did !== "move to another") {
    return { did, own: 0, faults: [`${did} in ${table} was let through`] };
  }
  const foreign = seen.filter(({ tenant_no: no }) => no !== own);
  const faults = foreign.length === 0 ? [] : [`${did}: ${foreign.length} foreign rows of ${table}`];
  return { did, own: seen.length - foreign.length, faults };
}

interface Row {
  readonly tenant_no: number;
}

interface Aim {
  readonly own: number;
  readonly other: number;
  readonly table: string;
}

/** How acts end that must not succeed: by a policy, by themselves, by the server. */
const EXPECTED: Partial<Record<Act, string>> = {
  "move to another": "42501",
  "add for another": "42501",
  "give up": "given up",
  fail: "22012",
  "take too long": "57014",
};

const GIVEN_UP = new Error("given up");

async function carryOut(
  act: Act,
  transaction: Transaction,
  { own, other, table }: Aim,
): Promise<readonly Row[]> {
  // The names are those of the catalogue.
  switch (act) {
    case "read everything":
      return transaction.rows<Row>(`select tenant_no from ${table} limit 200`);
    case "read another's":
      return transaction.rows<Row>(`select tenant_no from ${table} where tenant_no in ($1)`, other);
    case "lock everything":
      return transaction.rows<Row>(
        `select tenant_no from ${table} limit 20 for update skip locked`,
      );
    case "change everything":
      return transaction.rows<Row>("update progress set text = text returning tenant_no");
    case "move to another":
      return moveTo(transaction, other);
    case "add for another":
      return transaction.rows<Row>(
        "insert into commands (tenant_no, id, digest, at) values ($1, 'foreign', '', 0)",
        other,
      );
    case "look as the fleet":
      return lookAsFleet(transaction, own);
    case "give up":
      await transaction.rows<Row>(`select tenant_no from ${table} limit 1`);
      throw GIVEN_UP;
    case "fail":
      return transaction.rows<Row>("select 1 / 0 as tenant_no");
    case "take too long":
      transaction.send("set local statement_timeout = '5ms'");
      return transaction.rows<Row>("select 0 as tenant_no from pg_sleep(1)");
  }
}

/** Nothing is asked back: what comes back would have to be visible, which is another rule. */
async function moveTo(transaction: Transaction, other: number): Promise<readonly Row[]> {
  const rows = await transaction.rows<Row>("select tenant_no from progress");
  await transaction.rows("update progress set tenant_no = 0 + $1::bigint", other);
  return rows.map(() => ({ tenant_no: other }));
}

/** The connection was a tenant's before: nothing of that is left, and plans are not to be seen. */
async function lookAsFleet(transaction: Transaction, own: number): Promise<readonly Row[]> {
  const [left] = await transaction.rows<{ tenant: string | null }>(
    "select current_setting('app.tenant', true) as tenant",
  );
  const rows = await transaction.rows<Row>(
    "select tenant_no from plans union all select tenant_no from events",
  );
  return (left?.tenant ?? "") === "" ? rows : [...rows, { tenant_no: -own }];
}

function codeOf(error: unknown): string {
  if (error === GIVEN_UP) return "given up";
  const cause = StoreFault.is(error) ? error.cause : error;
  if (cause === GIVEN_UP) return "given up";
  return String(Reflect.get(Object(cause), "code"));
}
