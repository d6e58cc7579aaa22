import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openDriver } from "./driver.ts";
import { migrate } from "./migrate.ts";
import { firstPosition } from "./sql/positions.ts";

function schema(): { readonly type: string; readonly name: string; readonly sql: string }[] {
  const driver = openDriver({ path: ":memory:", readOnly: false });
  migrate(driver);
  return driver.all(
    `select type, name, sql from sqlite_schema
     where sql is not null and name not like 'sqlite_%' order by type desc, name`,
  );
}

describe("the schema", () => {
  test("that the migrations come to is the one under review", async () => {
    const text = schema().map(({ sql }) => `${sql};\n`);
    await expect(text.join("\n")).toMatchFileSnapshot("schema.sql");
  });

  test("S14: every table is strict", () => {
    const tables = schema().filter(({ type }) => type === "table");
    expect(tables.filter(({ sql }) => !/\bstrict\b/.test(sql))).toEqual([]);
  });

  test("S14: every column of JSON is checked", () => {
    const driver = openDriver({ path: ":memory:", readOnly: false });
    migrate(driver);
    const insert = "insert into checkpoints (plan_no, seq, body) values (1, 1, ?)";
    expect(() => driver.run(insert, "{")).toThrow("CHECK constraint failed");
    expect(driver.run(insert, "{}")).toBe(1);
  });

  test("S14: positions of 8,000 tenants with a million million events each are exact", () => {
    const last = firstPosition(8000) - 1;
    expect(Number.isSafeInteger(last)).toBe(true);
    expect(firstPosition(8000) - firstPosition(7999)).toBeGreaterThan(1e12);
  });

  test("S20: every query that may give several rows says in which order", () => {
    const folder = join(import.meta.dirname, "sql");
    const queries = readdirSync(folder).flatMap((name) => {
      const code = readFileSync(join(folder, name), "utf8");
      return [...code.matchAll(/\ball(?:<[^(]*>)?\(\s*(`[^`]*`|"[^"]*")/g)].map(([query]) => query);
    });
    expect(queries.length).toBeGreaterThan(15);
    expect(queries.filter((query) => !query.includes("order by"))).toEqual([]);
  });
});
