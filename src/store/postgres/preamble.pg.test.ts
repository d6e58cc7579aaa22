import { expect, test } from "vitest";
import { openStoreDatabase } from "./test-database.test-helper.ts";

test("no transaction outlives its client's silence, whatever it waits for (P5)", async () => {
  await using database = await openStoreDatabase();
  const [row] = await database.driver.as("fleet").rows<Record<string, string>>(
    `select current_setting('statement_timeout') as statement,
       current_setting('lock_timeout') as lock,
       current_setting('idle_in_transaction_session_timeout') as idle,
       current_setting('transaction_timeout', true) as transaction,
       current_setting('server_version_num')::int >= 170000 as "hasLast"`,
  );
  expect(row).toMatchObject({ statement: "5s", lock: "2s", idle: "10s" });
  expect(row?.["transaction"]).toBe(row?.["hasLast"] ? "15s" : null);
});
