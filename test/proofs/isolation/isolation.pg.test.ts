import { expect, test } from "vitest";
import { createDatabase } from "../../postgres/create-database.ts";
import { proveIsolation } from "./prove-isolation.ts";

const PATIENCE_MS = 60_000;

const HOLES = [
  [
    "a table without row-level security",
    "alter table planwright.events disable row level security",
  ],
  ["a policy for everybody", "create policy hole on planwright.plans using (true)"],
  [
    "a policy that lets rows be written for others",
    "create policy hole on planwright.commands with check (true)",
  ],
  ["a role that policies do not bind", "alter table planwright.steps owner to planwright_app"],
] as const;

test.each(HOLES)(
  "%s is found out, with the application's filters switched off",
  async (_, sql) => {
    await using database = await createDatabase();
    const { url } = database;
    const plant = (owner: { query(sql: string): Promise<unknown> }) => owner.query(sql);
    const report = await proveIsolation({ url, seed: 1, transactions: 500, plant });
    expect(report.faults).not.toEqual([]);
  },
  PATIENCE_MS,
);
