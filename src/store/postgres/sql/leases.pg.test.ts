import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { LeaseHolder } from "../../store.ts";
import { CONTRACT_PURE } from "../../../testing/store-contract/contract-pure.ts";
import type { Session } from "../driver.ts";
import { openStoreDatabase, type StoreDatabase } from "../test-database.test-helper.ts";
import { findProcesses, recordProcess } from "./attempt-processes.ts";
import { beginLease, endExpiredLeases, endLease, listLeases, renewLease } from "./leases.ts";

const TTL_MS = 15_000;
const HOLDER: LeaseHolder = { name: "one", host: "box", pid: 10, bootId: "boot-1" };

let database: StoreDatabase;
let fleet: Session;

beforeAll(async () => {
  database = await openStoreDatabase();
  fleet = database.driver.as("fleet");
});

beforeEach(async () => {
  await database.owner.query("truncate leases, attempt_processes");
});

afterAll(() => database[Symbol.asyncDispose]());

function begin(holder: Partial<LeaseHolder> = {}): Promise<string> {
  const beginning = { holder: { ...HOLDER, ...holder }, now: null, ttlMs: TTL_MS };
  return database.driver.transaction("fleet", (transaction) =>
    beginLease(transaction, beginning, (text) => CONTRACT_PURE.digest(text)),
  );
}

function processOf(workerId: string, pid: number) {
  const names = { tenantId: "acme", planId: "pln_1", stepKey: "a", attempt: 1 };
  return { ...names, workerId, host: "box", bootId: "boot-1", pid, startTicks: "1" };
}

async function clock(): Promise<number> {
  const [row] = await fleet.rows<{ now: number }>("select planwright_clock() as now");
  return row?.now ?? 0;
}

describe("P9: a lease", () => {
  test("goes by the clock of the database, whatever that of its worker says", async () => {
    const before = await clock();
    const workerId = await begin();
    const after = await clock();
    const [lease] = await listLeases(fleet);
    expect(lease?.beganAt).toBeGreaterThanOrEqual(before);
    expect(lease?.beganAt).toBeLessThanOrEqual(after);
    expect(lease?.expiresAt).toBe((lease?.beganAt ?? 0) + TTL_MS);
    expect(await renewLease(fleet, workerId, null, 2 * TTL_MS)).toBe(true);
    const [renewed] = await listLeases(fleet);
    expect(renewed?.expiresAt).toBeGreaterThanOrEqual(after + 2 * TTL_MS);
    expect(await endExpiredLeases(fleet, null, null)).toEqual([]);
  });

  test("goes by the time at which it is its turn, not by that at which its transaction began", async () => {
    await database.driver.transaction("fleet", async (transaction) => {
      const began = "select floor(extract(epoch from now()) * 1000)::bigint as began";
      const [row] = await transaction.rows<{ began: number }>(began);
      while ((await transaction.rows(TICKED)).length === 0);
      const holder = { ...HOLDER, name: "late" };
      await beginLease(transaction, { holder, now: null, ttlMs: 1 }, () => "0".repeat(64));
      const [lease] = await listLeases(transaction);
      expect(lease?.beganAt).toBeGreaterThan(row?.began ?? 0);
    });
  });

  const TICKED = "select 1 where planwright_clock() > extract(epoch from now()) * 1000 + 1";

  test("that has lasted too long is ended by whoever looks, once and for good", async () => {
    const workerId = await begin();
    await database.owner.query("update leases set expires_at = planwright_clock()");
    const looks = Array.from({ length: 6 }, () => endExpiredLeases(fleet, null, null));
    expect((await Promise.all(looks)).flat()).toEqual([workerId]);
    expect(await renewLease(fleet, workerId, null, TTL_MS)).toBe(false);
  });

  test("that is being renewed is not ended meanwhile", async () => {
    const workerId = await begin();
    await database.owner.query("update leases set expires_at = planwright_clock()");
    const holder = await database.connect();
    await holder.query("begin");
    await holder.query("update leases set expires_at = planwright_clock() + 60000");
    expect(await endExpiredLeases(fleet, null, null)).toEqual([]);
    await holder.query("commit");
    expect(await endExpiredLeases(fleet, null, null)).toEqual([]);
    expect(await renewLease(fleet, workerId, null, TTL_MS)).toBe(true);
  });
});

describe("a name", () => {
  test("has one living lease, however many begin under it at once", async () => {
    const begun = await Promise.all(Array.from({ length: 8 }, () => begin()));
    expect(new Set(begun).size).toBe(8);
    const leases = await listLeases(fleet);
    expect(leases.filter(({ endedAt }) => endedAt === null)).toHaveLength(1);
    expect(leases.at(-1)?.endedAt).toBe(null);
  });

  test("has one living lease even where somebody does not wait for the others", async () => {
    await begin();
    await expect(
      fleet.rows(
        `insert into leases (worker_id, name, host, pid, began_at, expires_at)
         values ('wrk_x', 'one', '', 1, 0, 0)`,
      ),
    ).rejects.toMatchObject({ code: "failed" });
  });

  test("from before a new start of the machine lives no more, many starting at once", async () => {
    await begin({ name: "old" });
    const names = ["two", "three", "four", "five"];
    await Promise.all(names.map((name) => begin({ name, bootId: "boot-2" })));
    const living = (await listLeases(fleet)).filter(({ endedAt }) => endedAt === null);
    expect(living.map(({ name }) => name).toSorted()).toEqual(names.toSorted());
  });
});

describe("a process of an attempt", () => {
  test("is recorded or its worker's lease has been ended, whichever comes first", async () => {
    const workerId = await begin();
    const ending = await database.connect();
    await ending.query("begin");
    await ending.query("update leases set ended_at = 1 where worker_id = $1", [workerId]);
    // It waits for whoever is ending the lease, and then knows.
    const recording = recordProcess(fleet, processOf(workerId, 100));
    await ending.query("commit");
    expect(await recording).toBe(false);
    const names = { tenantId: "acme", planId: "pln_1", stepKey: "a", attempt: 1 };
    expect(await findProcesses(fleet, [names])).toEqual([]);
  });

  test("that is being recorded is found by who ends the lease at that moment", async () => {
    const workerId = await begin();
    const names = { tenantId: "acme", planId: "pln_1", stepKey: "a", attempt: 1 };
    let ending: Promise<void> | undefined;
    await database.driver.transaction("fleet", async (transaction) => {
      expect(await recordProcess(transaction, processOf(workerId, 100))).toBe(true);
      ending = endLease(fleet, workerId, null);
      const [lease] = await listLeases(transaction);
      expect(lease?.endedAt).toBe(null);
    });
    await ending;
    expect(await findProcesses(fleet, [names])).toEqual([processOf(workerId, 100)]);
  });
});
