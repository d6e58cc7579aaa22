import type { Client } from "pg";
import { findForeign } from "./tenant-marks.ts";

const PAGE = 2000;

/** As the superuser, who sees all: rows with something of another tenant in them, or of another's plan. */
export async function lookAtRows(
  client: Client,
  tables: readonly string[],
): Promise<{ readonly rows: number; readonly faults: readonly string[] }> {
  const faults: string[] = [];
  let count = 0;
  for (const table of tables) {
    for await (const { tenant, text } of readRows(client, table)) {
      count += 1;
      const foreign = findForeign(text, tenant);
      if (foreign !== null) faults.push(`a row of ${table} of ${tenant} speaks of ${foreign}`);
    }
    faults.push(...(await findStrays(client, table)));
  }
  return { rows: count, faults };
}

async function* readRows(
  client: Client,
  table: string,
): AsyncIterable<{ readonly tenant: string; readonly text: string }> {
  await client.query("begin");
  // The names are those of the catalogue.
  await client.query(
    `declare all_rows cursor for select tenants.id as tenant, given::text as text
     from planwright.${table} as given left join planwright.tenants on tenants.no = given.tenant_no`,
  );
  for (;;) {
    const { rows } = await client.query<{ tenant: string; text: string }>(
      `fetch ${PAGE} from all_rows`,
    );
    yield* rows;
    if (rows.length < PAGE) break;
  }
  await client.query("commit");
}

/** Rows that are filed under another tenant than the plan that they belong to. */
async function findStrays(client: Client, table: string): Promise<readonly string[]> {
  if (table === "plans" || !(await hasPlan(client, table))) return [];
  const { rows } = await client.query<{ count: number }>(
    `select count(*)::int as count from planwright.${table} as given
     left join planwright.plans on plans.no = given.plan_no
     where given.plan_no is not null and plans.tenant_no is distinct from given.tenant_no`,
  );
  const count = rows[0]?.count ?? 0;
  return count === 0 ? [] : [`${count} rows of ${table} are not of their plan's tenant`];
}

async function hasPlan(client: Client, table: string): Promise<boolean> {
  const { rowCount } = await client.query(
    `select from pg_attribute
     where attrelid = format('planwright.%I', $1::text)::regclass and attname = 'plan_no'`,
    [table],
  );
  return rowCount === 1;
}
