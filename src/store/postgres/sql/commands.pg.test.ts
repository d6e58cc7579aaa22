import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Session } from "../driver.ts";
import { addTenant, openStoreDatabase, type StoreDatabase } from "../test-database.test-helper.ts";
import { findCommand, nextPrune, pruneCommands } from "./commands.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

let database: StoreDatabase;
let tenantNo: number;
let session: Session;

beforeAll(async () => {
  database = await openStoreDatabase();
  tenantNo = await addTenant(database.driver, "acme");
  session = database.driver.as({ tenantNo });
});

beforeEach(async () => {
  await database.owner.query("truncate commands");
});

afterAll(() => database[Symbol.asyncDispose]());

/** Commands that were answered at a time, numbered on from one. */
async function answered(count: number, at: number, of = tenantNo): Promise<void> {
  await database.owner.query(
    `insert into commands (tenant_no, id, digest, at)
     select $1, $2::text || '-' || no, '', $2::bigint from generate_series(1, $3::int) as no`,
    [of, at, count],
  );
}

async function left(): Promise<number> {
  const { rows } = await database.owner.query<{ count: string }>("select count(*) from commands");
  return Number(rows[0]?.count);
}

describe("P6: forgetting", () => {
  test("takes no more than its number at once, however many forget at the same moment", async () => {
    await answered(1000, 0);
    const forgotten = await Promise.all(
      Array.from({ length: 4 }, () => pruneCommands(session, tenantNo, DAY_MS)),
    );
    expect(Math.max(...forgotten)).toBeLessThanOrEqual(128);
    expect(await left()).toBe(1000 - forgotten.reduce((sum, count) => sum + count, 0));
  });

  test("passes over what another process is at, and waits for nobody", async () => {
    await answered(3, 0);
    const other = await database.connect();
    await other.query("begin");
    await other.query("select from commands where id = '0-2' for update");
    expect(await pruneCommands(session, tenantNo, DAY_MS)).toBe(2);
    await other.query("rollback");
    expect(await pruneCommands(session, tenantNo, DAY_MS)).toBe(1);
  });

  test("leaves what is younger than a day, and what is another tenant's", async () => {
    await answered(2, 0);
    await answered(3, 1);
    const theirs = await addTenant(database.driver, "other");
    await answered(4, 0, theirs);
    expect(await nextPrune(session, tenantNo)).toBe(DAY_MS);
    expect(await pruneCommands(session, tenantNo, DAY_MS)).toBe(2);
    expect(await nextPrune(session, tenantNo)).toBe(DAY_MS + 1);
    expect(await left()).toBe(7);
  });
});

test("an answer is found by its command, of that tenant alone", async () => {
  await answered(1, 5);
  expect(await findCommand(session, tenantNo, "acme", "5-1")).toEqual({
    tenantId: "acme",
    id: "5-1",
    digest: "",
    left: null,
    revision: null,
    refusal: null,
  });
  expect(await findCommand(session, tenantNo, "acme", "5-2")).toBe(null);
  expect(await findCommand(session, tenantNo + 1, "acme", "5-1")).toBe(null);
});
