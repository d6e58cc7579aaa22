import { expect, test } from "vitest";
import { planOf } from "../../testing/store-contract/fixture.ts";
import { openStoreDatabase } from "./test-database.test-helper.ts";
import { CommandPruning } from "./command-pruning.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

test("an answer is kept for a day and forgotten after it", async () => {
  await using database = await openStoreDatabase();
  const { driver, owner } = database;
  const fixture = await database.open();
  await fixture.draft("pln_1", planOf({ a: [] }));
  let now = fixture.now + DAY_MS - 1;
  const count = async (): Promise<number> =>
    (await owner.query("select from commands")).rows.length;
  const { rows } = await owner.query("select no from tenants");
  const clock = { now: () => now, defer: () => undefined };

  await new CommandPruning({ driver, clock }).beside(rows[0].no);
  expect(await count()).toBe(1);

  now += 1;
  await new CommandPruning({ driver, clock }).beside(rows[0].no);
  expect(await count()).toBe(0);
});
