import { afterAll, beforeAll, expect, test } from "vitest";
import { viewPlan } from "../../../core/plan/view.ts";
import { planOf, tool, type Fixture } from "../../../testing/store-contract/fixture.ts";
import type { Driver, Session } from "../driver.ts";
import { openStoreDatabase, type StoreDatabase } from "../test-database.test-helper.ts";
import { loadPlan } from "./load-plan.ts";

const EVENTS = 5400;

let database: StoreDatabase;
/** Nothing stays folded, so every look reads the plan afresh. */
let fixture: Fixture;

beforeAll(async () => {
  database = await openStoreDatabase();
  fixture = await database.open({ activeMax: 0, idleMax: 0 });
});

afterAll(() => database[Symbol.asyncDispose]());

async function tenantNo(): Promise<number> {
  const { rows } = await database.owner.query<{ no: string }>("select no from tenants");
  return Number(rows[0]?.no);
}

/** A session that counts how often it was asked. */
async function counted(driver: Driver): Promise<{ session: Session; calls: () => number }> {
  const inner = driver.as({ tenantNo: await tenantNo() });
  let calls = 0;
  const session: Session = {
    rows: (sql, ...values) => {
      calls += 1;
      return inner.rows(sql, ...values);
    },
  };
  return { session, calls: () => calls };
}

test("a plan is loaded in one round trip, with what its rows say", async () => {
  const pause = { do: "wait", wait: { for: "1h" } } as const;
  await fixture.start("pln_1", planOf({ a: [], b: tool([], { priority: 3 }), pause }));
  await fixture.lease("pln_1");
  const { session, calls } = await counted(database.driver);
  const held = await loadPlan(session, await tenantNo(), "pln_1");
  expect(calls()).toBe(1);
  expect(held?.rowStatus).toBe("executing");
  expect([...(held?.timers ?? [])].map(([key]) => key).toSorted()).toEqual(["", "pause"]);
  expect([...(held?.lanes.values() ?? [])]).toEqual([
    {
      lane: { pool: "default", capability: "tool:std.echo", alone: false },
      atOnce: true,
      at: fixture.now,
      priority: 0,
    },
  ]);
  const chain = await fixture.store.chain("pln_1");
  expect(held?.hash).toBe(chain.at(-1)?.hash);
  expect(held?.plan.version).toBe(chain.length);
  expect(await loadPlan(session, await tenantNo(), "pln_none")).toBe(null);
});

test("a long log is read in pages, and from its checkpoint on as soon as there is one", async () => {
  await fixture.start("pln_long", planOf({ pause: { do: "wait", wait: { signal: "end" } } }));
  const signals = Array.from({ length: EVENTS }, (_, index) =>
    fixture.commit(
      fixture.command("signal.deliver", {
        planId: "pln_long",
        data: { name: `s${index % 10}`, payload: index },
      }),
    ),
  );
  expect((await Promise.all(signals)).every(({ ok }) => ok)).toBe(true);
  const { session, calls } = await counted(database.driver);
  const no = await tenantNo();
  const fromCheckpoint = await loadPlan(session, no, "pln_long");
  expect(fromCheckpoint?.checkpointAt).toBeGreaterThan(5000);
  expect(calls()).toBe(1);

  await database.owner.query("update checkpoints set body = '{\"format\":0}'");
  const folded = await loadPlan(session, no, "pln_long");
  expect(folded?.checkpointAt).toBe(0);
  expect(calls()).toBeGreaterThan(3);
  if (folded === null || fromCheckpoint === null) throw new Error("no plan");
  expect(viewPlan(folded.plan)).toEqual(viewPlan(fromCheckpoint.plan));
  expect(folded.hash).toBe(fromCheckpoint.hash);
}, 60_000);

test("a damaged log is a fault that names the plan", async () => {
  await fixture.start("pln_torn", planOf({ a: [] }));
  await fixture.start("pln_holed", planOf({ a: [] }));
  const damage = `delete from events using plans
    where plans.no = events.plan_no and plans.id = $1 and seq = $2`;
  await database.owner.query(damage, ["pln_torn", 5]);
  await database.owner.query(damage, ["pln_holed", 1]);
  const { session } = await counted(database.driver);
  const no = await tenantNo();
  await expect(loadPlan(session, no, "pln_torn")).rejects.toMatchObject({
    code: "corrupt",
    message: "pln_torn is at event 5, and its log ends at 4",
  });
  await expect(loadPlan(session, no, "pln_holed")).rejects.toMatchObject({
    code: "corrupt",
    message: expect.stringContaining("pln_holed do not add up to a plan"),
  });
  await database.owner.query(
    "delete from events using plans where no = plan_no and id = 'pln_torn'",
  );
  await expect(loadPlan(session, no, "pln_torn")).rejects.toMatchObject({ code: "corrupt" });
});
