import { expect, test } from "vitest";
import type { PlanEvent } from "../../../core/plan/event.ts";
import type { PlanChange } from "../../wave.ts";
import { addTenant, openStoreDatabase } from "../test-database.test-helper.ts";
import { appendEvents } from "./append-events.ts";
import { readFeed } from "./read-feed.ts";

/** What a wave brings of one plan: one event. */
function change(seq: number): PlanChange {
  const event = { seq } as unknown as PlanEvent;
  const events = [{ event, text: JSON.stringify({ seq }), hash: "" }];
  return { held: { no: 7 }, events } as unknown as PlanChange;
}

// Who waits for a row in a crowd is given its transaction id between two tries to lock it.
test("P3: the feed keeps a plan's order, though who wrote last was given its transaction id first", async () => {
  await using database = await openStoreDatabase();
  const tenantNo = await addTenant(database.driver, "acme");
  const session = database.driver.as({ tenantNo });
  const append = async (seq: number, whileGiven = async (): Promise<void> => undefined) =>
    database.driver.transaction({ tenantNo }, async (transaction) => {
      await transaction.rows("select pg_current_xact_id()");
      await whileGiven();
      transaction.send("select set_config('app.won', '7', true)");
      appendEvents(transaction, tenantNo, [change(seq), change(seq + 1)]);
    });

  await append(1);
  await append(5, () => append(3));
  const first = await readFeed(session, tenantNo, null, 3);
  const rest = await readFeed(session, tenantNo, first.cursor, 10);
  expect([...first.events, ...rest.events].map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6]);
});
