import { afterAll, beforeAll, expect, test } from "vitest";
import type { AttemptProcess } from "../../store.ts";
import { planOf, type Fixture } from "../../../testing/store-contract/fixture.ts";
import { openStoreDatabase, type StoreDatabase } from "../test-database.test-helper.ts";

let database: StoreDatabase;
let fixture: Fixture;

beforeAll(async () => {
  database = await openStoreDatabase();
  fixture = await database.open();
});

afterAll(() => database[Symbol.asyncDispose]());

function processOf(tenantId: string, workerId: string): AttemptProcess {
  const attempt = { planId: "pln_1", stepKey: "a", attempt: 1 };
  return { ...attempt, tenantId, workerId, host: "box", bootId: null, pid: 100, startTicks: "1" };
}

test("what two tenants call by the same names is kept apart, and each has its own processes", async () => {
  const { stores } = fixture;
  const holder = { name: "one", host: "box", pid: 1, bootId: null };
  const workerId = await stores.beginLease(holder, fixture.now, 1000);
  const tenants = ["acme", "other"];
  for (const tenantId of tenants) {
    await fixture.start("pln_1", planOf({ a: [] }), { tenantId });
    const command = fixture.leaseCommand("pln_1", 1, workerId);
    await fixture.accept(command, stores.forTenant(tenantId));
    expect(await stores.recordProcess(processOf(tenantId, workerId))).toBe(true);
  }
  await stores.endLease(workerId);
  const abandonedBy = async () =>
    (await stores.abandoned(10)).map(({ tenantId, processes }) => [
      tenantId,
      processes.map((process) => process.tenantId),
    ]);
  expect(await abandonedBy()).toEqual([
    ["acme", ["acme"]],
    ["other", ["other"]],
  ]);
  await stores.removeProcess(processOf("acme", workerId));
  expect(await abandonedBy()).toEqual([
    ["acme", []],
    ["other", ["other"]],
  ]);
});
