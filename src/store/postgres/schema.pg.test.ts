import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeSchema } from "./describe-schema.test-helper.ts";
import { openStoreDatabase, type StoreDatabase } from "./test-database.test-helper.ts";

let database: StoreDatabase;

beforeAll(async () => {
  database = await openStoreDatabase();
});

afterAll(() => database[Symbol.asyncDispose]());

async function find<Row>(sql: string): Promise<Row[]> {
  const { rows } = await database.owner.query(sql);
  return rows as Row[];
}

describe("the schema", () => {
  test("that the migrations come to is the one under review", async () => {
    await expect(await describeSchema(database.owner)).toMatchFileSnapshot("schema.sql");
  });

  test("numbers are bigint: milliseconds and counts of a large fleet fit", async () => {
    const small = await find(
      `select table_name, column_name from information_schema.columns
       where table_schema = 'planwright' and data_type in ('integer', 'smallint', 'numeric')`,
    );
    expect(small).toEqual([]);
  });

  test("JSON is kept as text: hashes are made over it", async () => {
    const changed = await find(
      `select table_name, column_name from information_schema.columns
       where table_schema = 'planwright' and data_type in ('json', 'jsonb')`,
    );
    expect(changed).toEqual([]);
  });

  test("P14: what changes all the time leaves room on its pages, and is cleaned early", async () => {
    const tables = await find<{ relname: string }>(
      `select relname from pg_class where relnamespace = 'planwright'::regnamespace
         and reloptions @> '{fillfactor=70,autovacuum_vacuum_scale_factor=0.02}' order by relname`,
    );
    expect(tables.map(({ relname }) => relname)).toEqual([
      "due_lanes",
      "due_messages",
      "due_timers",
      "leases",
      "limits",
      "plans",
      "steps",
    ]);
  });

  test("P21: unique keys that hold names from outside begin with the tenant", async () => {
    const keys = await find<{ name: string; columns: string[] }>(
      `select indexrelid::regclass::text as name, array(
         select attname::text from unnest(indkey::int[]) with ordinality as key (number, place)
         join pg_attribute on attrelid = indrelid and attnum = number order by place) as columns
       from pg_index where indisunique and indrelid in (
         select oid from pg_class where relnamespace = 'planwright'::regnamespace)
         and exists (select from pg_attribute where attrelid = indrelid
           and attnum = any (indkey::int[]) and atttypid = 'text'::regtype)
       order by name`,
    );
    // A plan's number is given within, and belongs to one tenant; the others are the fleet's own.
    const beginnings = new Set(["plan_no", "tenant_no", "tenant_id"]);
    const ofTheFleet = new Set(["leases_worker_id_key", "leases_living", "tenants_id_key"]);
    const ofTenants = keys.filter(({ name }) => !ofTheFleet.has(name));
    expect(ofTenants.length).toBeGreaterThan(5);
    expect(ofTenants.filter(({ columns: [first = ""] }) => !beginnings.has(first))).toEqual([]);
  });

  test("P21: nothing goes round row-level security by its maker's rights: no view, no function", async () => {
    const views = await find(
      `select relname from pg_class
       where relnamespace = 'planwright'::regnamespace and (relkind = 'm'
         or relkind = 'v' and not coalesce(reloptions @> '{security_invoker=true}', false))`,
    );
    const functions = await find(
      `select proname from pg_proc where pronamespace = 'planwright'::regnamespace and prosecdef`,
    );
    expect([views, functions]).toEqual([[], []]);
  });

  test("S20: every query that may give several rows says in which order", () => {
    const queries = statements().filter((sql) => /^\s*(select|with)\b/.test(sql));
    const several = queries.filter((sql) => !GIVES_ONE_ROW.some((pattern) => pattern.test(sql)));
    expect(several.length).toBeGreaterThan(15);
    expect(several.filter((sql) => !sql.includes("order by"))).toEqual([]);
  });

  test("no statement asks for all columns: a migration that adds one would break those prepared", () => {
    expect(statements().length).toBeGreaterThan(30);
    expect(statements().filter((sql) => /select\s+(\w+\.)?\*|returning \*/.test(sql))).toEqual([]);
  });
});

/** By a whole key, or of no table at all. */
const GIVES_ONE_ROW = [
  /where (\w+\.)?tenant_no = \$1 and (\w+\.)?id = \$2/,
  /where id = \$1/,
  /where plan_no = \$1 and number = \$2/,
  /from plans where no = \$1/,
  /revisions\.number = \$3/,
  /^\s*select (nextval|set_config|pg_advisory_xact_lock|least)\(/,
  /^\s*with [\s\S]+\b(insert into|update|delete from|set_config)\b/,
];

/** The SQL of this folder, as it stands between quotes. */
function statements(): string[] {
  const folder = join(import.meta.dirname, "sql");
  return readdirSync(folder)
    .filter((name) => !name.includes(".test"))
    .flatMap((name) => {
      const code = readFileSync(join(folder, name), "utf8").replaceAll(/^\s*(\/\/|\/?\*).*$/gm, "");
      return [...code.matchAll(/`([^`]*)`|"((?:select|insert|update|delete|with) [^"]*)"/g)]
        .map(([, long, short]) => long ?? short ?? "")
        .filter((text) => /^\s*(select|insert|update|delete|with)\s/.test(text));
    });
}
