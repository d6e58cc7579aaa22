import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { DueQuery } from "../../store.ts";
import type { Session } from "../driver.ts";
import { openStoreDatabase, type StoreDatabase } from "../test-database.test-helper.ts";
import { findDue } from "./find-due.ts";

const QUERY: DueQuery = {
  now: 1_000_000,
  limit: 10,
  pools: ["default"],
  capabilities: new Set(["tool:std.echo"]),
};

let database: StoreDatabase;
let fleet: Session;

beforeAll(async () => {
  database = await openStoreDatabase();
  fleet = database.driver.as("fleet");
});

beforeEach(async () => {
  await database.owner.query("truncate due_lanes, due_timers, due_messages");
});

afterAll(() => database[Symbol.asyncDispose]());

/** Plans of one tenant with a lane each, numbered on from one, a millisecond apart. */
async function line(
  tenantNo: number,
  plans: { from: number; count: number; priority?: number; pool?: string; atOnce?: boolean },
): Promise<void> {
  const { from, count, priority = 0, pool = "default", atOnce = true } = plans;
  await database.owner.query(
    `insert into due_lanes (tenant_no, tenant_id, plan_no, plan_id, pool, capability, alone, at_once,
       at, priority)
     select $1::bigint, 't' || $1::bigint, no, 'pln_' || no, $5, 'tool:std.echo', false, $6::boolean, 1000 + no, $4::bigint
     from generate_series($2::bigint, $2::bigint + $3::bigint - 1) as no`,
    [tenantNo, from, count, priority, pool, atOnce],
  );
}

async function plansDue(query: Partial<DueQuery> = {}): Promise<string[]> {
  const { due } = await findDue(fleet, { ...QUERY, ...query });
  return due.map(({ tenantId, planId }) => `${tenantId} ${planId}`);
}

describe("ready work of many tenants", () => {
  test("is told in turn, then by priority, then by age", async () => {
    await line(1, { from: 1, count: 3 });
    await line(2, { from: 11, count: 1, priority: 5 });
    await line(2, { from: 12, count: 1 });
    await line(3, { from: 21, count: 1 });
    expect(await plansDue()).toEqual([
      "t2 pln_11",
      "t1 pln_1",
      "t3 pln_21",
      "t1 pln_2",
      "t2 pln_12",
      "t1 pln_3",
    ]);
    expect(await plansDue({ limit: 4 })).toEqual([
      "t2 pln_11",
      "t1 pln_1",
      "t3 pln_21",
      "t1 pln_2",
    ]);
    expect(await plansDue({ limit: 2 })).toEqual(["t2 pln_11", "t1 pln_1"]);
  });

  test("gives no turn to a tenant whose work nobody here serves, or whose time has not come", async () => {
    await line(1, { from: 1, count: 2, pool: "gpu" });
    await line(2, { from: 11, count: 2 });
    await line(3, { from: 21, count: 1, atOnce: false });
    expect(await plansDue({ now: 1020, limit: 3 })).toEqual(["t2 pln_11", "t2 pln_12"]);
    expect(await plansDue({ now: 1021, limit: 3 })).toEqual([
      "t2 pln_11",
      "t3 pln_21",
      "t2 pln_12",
    ]);
  });

  test("leaves no free place while somebody has work for it", async () => {
    await line(1, { from: 1, count: 50 });
    await line(2, { from: 101, count: 1 });
    await line(3, { from: 201, count: 2 });
    const told = await plansDue();
    expect(told).toHaveLength(10);
    expect(told.filter((plan) => plan.startsWith("t1"))).toHaveLength(7);
  });

  test("costs what it tells, not what one tenant has waiting", async () => {
    await line(1, { from: 1, count: 10_000 });
    await line(2, { from: 20_001, count: 3 });
    await database.owner.query("analyze due_lanes");
    const read = await rowsRead();
    expect(read).toBeGreaterThan(5);
    expect(read).toBeLessThan(60);
    expect(await plansDue({ limit: 2 })).toEqual(["t1 pln_1", "t2 pln_20001"]);
  });

  test("costs two looks a tenant, where a thousand of them have work", async () => {
    await database.owner.query(
      `insert into due_lanes (tenant_no, tenant_id, plan_no, plan_id, pool, capability, alone,
         at_once, at, priority)
       select no % 1000, 't', no, 'pln', 'default', 'tool:std.echo', false, true, no, 0
       from generate_series(1, 10000) as no`,
    );
    await database.owner.query("analyze due_lanes");
    const read = await rowsRead();
    expect(read).toBeGreaterThan(1000);
    expect(read).toBeLessThan(2100);
  });
});

/** How many rows of the table, or entries of its indexes, one question reads. */
async function rowsRead(): Promise<number> {
  const count = async (): Promise<number> => {
    await database.owner.query("select pg_stat_clear_snapshot()");
    const { rows } = await database.owner.query<{ read: string }>(
      `select seq_tup_read + (select sum(idx_tup_read) from pg_stat_user_indexes
         where relname = 'due_lanes') as read
       from pg_stat_user_tables where relname = 'due_lanes'`,
    );
    return Number(rows[0]?.read);
  };
  const reader = await database.openDriver(1);
  const flush = () => reader.as("fleet").rows("select pg_stat_force_next_flush()");
  await flush();
  const before = await count();
  await findDue(reader.as("fleet"), { ...QUERY, now: 0 });
  await flush();
  await flush();
  return (await count()) - before;
}

test("timers and messages come first by time, of whatever tenant, and starve nobody", async () => {
  await line(1, { from: 1, count: 3 });
  await database.owner.query(
    `insert into due_timers (tenant_no, tenant_id, plan_no, plan_id, step_key, at) values
       (1, 't1', 1, 'pln_1', '', 30), (2, 't2', 2, 'pln_2', 'a', 10), (2, 't2', 2, 'pln_2', 'b', 99)`,
  );
  await database.owner.query(
    `insert into due_messages (tenant_no, tenant_id, id, kind, from_plan_id, to_plan_id, step_key,
       at) values (1, 't1', 'm1', 'start', 'pln_1', 'pln_9', 'sub', 20)`,
  );
  const { due, nextAt } = await findDue(fleet, { ...QUERY, now: 50, limit: 2 });
  expect(due.map(({ why, planId }) => `${why} ${planId}`)).toEqual([
    "timer pln_2",
    "message pln_9",
    "timer pln_1",
    "ready pln_1",
    "ready pln_2",
  ]);
  expect(nextAt).toBe(99);
});
