import { expect, test } from "vitest";
import { planOf } from "../../testing/store-contract/fixture.ts";
import { openStoreDatabase } from "./test-database.test-helper.ts";

test("what Postgres cannot keep in a column comes back as it was (P20)", async () => {
  await using database = await openStoreDatabase();
  const fixture = await database.open();
  const { store, stores } = fixture;
  const planId = "pln_1";
  const title = "Which\u0000one?";
  const ask = { do: "human", request: { kind: "input", title } } as const;
  const document = { ...planOf({ ask }), plan: "a\u0000b\ue000" };
  await fixture.accept(fixture.createCommand(planId, document));
  await fixture.accept(fixture.command("plan.submit", { planId, data: {} }));
  await fixture.accept(fixture.command("plan.start", { planId, data: {} }));
  expect((await store.plans()).data.map(({ name }) => name)).toEqual(["a\u0000b\ue000"]);
  expect((await store.requests()).data.map((request) => request.title)).toEqual([title]);
  expect(await stores.check()).toEqual([]);
});
