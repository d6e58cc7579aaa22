import { Client } from "pg";
import { afterAll, beforeAll, describe, test } from "vitest";
import { createDatabase } from "../../../test/postgres/create-database.ts";
import type { TestDatabase } from "../../../test/postgres/create-database-on.ts";
import { storeContract } from "../../testing/store-contract.ts";
import { openPostgres } from "./open-postgres.ts";

let database: TestDatabase;

beforeAll(async () => {
  database = await createDatabase();
});

afterAll(async () => {
  await database[Symbol.asyncDispose]();
});

storeContract({
  name: "a store on Postgres",
  open: async (options) => {
    await empty(database.url);
    return openPostgres({
      ...options,
      url: database.url,
      acceptDataLoss: true,
      trustsCallers: true,
    });
  },
  describe,
  test,
});

/** As a new database is, but far sooner. */
async function empty(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query("drop schema if exists planwright cascade");
  await client.end();
}
