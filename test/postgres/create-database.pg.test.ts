import { expect, test } from "vitest";
import { connected } from "./connected.ts";
import { createDatabase } from "./create-database.ts";

test("each database is empty, and what one holds no other sees", async () => {
  await using first = await createDatabase();
  await using second = await createDatabase();
  await connected(first.url, (client) => client.query("create table kept (n int)"));
  const tables = (url: string) =>
    connected(url, async (client) => {
      const { rows } = await client.query<{ relname: string }>(
        "select relname from pg_class where relnamespace = 'public'::regnamespace",
      );
      return rows.map(({ relname }) => relname);
    });
  expect(await tables(first.url)).toEqual(["kept"]);
  expect(await tables(second.url)).toEqual([]);
});

test("a database is gone with its disposal, though somebody is connected to it", async () => {
  await using other = await createDatabase();
  const database = await createDatabase();
  await connected(database.url, async (client) => {
    client.on("error", () => {});
    await database[Symbol.asyncDispose]();
  });
  const names = await connected(other.url, async (client) => {
    const { rows } = await client.query<{ datname: string }>("select datname from pg_database");
    return rows.map(({ datname }) => datname);
  });
  expect(names).toContain(other.name);
  expect(names).not.toContain(database.name);
});
