import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { planOf, type Fixture } from "../../testing/store-contract/fixture.ts";
import { openStoreDatabase, type StoreDatabase } from "./test-database.test-helper.ts";

let database: StoreDatabase;
let fixture: Fixture;
let plans = 0;

beforeAll(async () => {
  database = await openStoreDatabase();
  fixture = await database.open();
});

afterAll(() => database[Symbol.asyncDispose]());

/** A plan of which a step runs, a request is open and a timer is set. */
async function newPlan(): Promise<string> {
  const ask = { do: "human", request: { kind: "input", title: "Which?" } } as const;
  const pause = { do: "wait", wait: { for: "1h" } } as const;
  const planId = `pln_${(plans += 1)}`;
  await fixture.start(planId, planOf({ a: [], b: [], ask, pause }));
  await fixture.lease(planId);
  return planId;
}

/** What is said of a plan that somebody has changed behind the store's back. */
function tampered(sql: string, expected: readonly RegExp[]): () => Promise<void> {
  return async () => {
    const planId = await newPlan();
    expect(await fixture.stores.check()).toEqual([]);
    const { rows } = await database.owner.query("select no from plans where id = $1", [planId]);
    await database.owner.query("select set_config('test.plan', $1, false)", [rows[0].no]);
    const { rowCount } = await database.owner.query(sql);
    expect(rowCount).toBeGreaterThan(0);
    const problems = await fixture.stores.check();
    await forget(planId);
    expect(problems).toHaveLength(expected.length);
    for (const [index, pattern] of expected.entries()) expect(problems[index]).toMatch(pattern);
    expect(problems.every((problem) => problem.startsWith(planId))).toBe(true);
  };
}

async function forget(planId: string): Promise<void> {
  const { rows } = await database.owner.query<{ no: string }>(
    "delete from plans where id = $1 returning no",
    [planId],
  );
  const names = ["events", "revisions", "steps", "requests", "due_timers", "due_lanes"];
  for (const name of names) {
    await database.owner.query(`delete from ${name} where plan_no = $1`, [rows[0]?.no]);
  }
}

describe("what is wrong with a store is said", () => {
  const ours = "plan_no = current_setting('test.plan')::bigint";

  test(
    "where the last event was changed",
    tampered(
      `update events set body = replace(body, 'wrk_contract', 'wrk_somebody')
       where ${ours} and seq = (select max(seq) from events where ${ours})`,
      [/\/\d+: it or what came before it was changed/, /its step row a says .*wrk_contract/],
    ),
  );

  test(
    "where a hash was changed: that one and the next do not hold",
    tampered(`update events set hash = 'x' where ${ours} and seq = 6`, [
      /\/6: it or what came before it was changed/,
      /\/7: /,
    ]),
  );

  test(
    "where an event is missing",
    tampered(
      `delete from events where ${ours} and seq = (select max(seq) from events where ${ours})`,
      [/its plan row {2}says/, /its step row a says/, /its timer row {2}says/],
    ),
  );

  test(
    "where the row of a step says something else",
    tampered(`update steps set attempt = 7 where ${ours} and step_key = 'a'`, [
      /its step row a says .*"attempt":7.*, its events .*"attempt":1/,
    ]),
  );

  test(
    "where a row is missing",
    tampered(`delete from requests where ${ours}`, [
      /its request row req_\S+ says nothing, its events/,
    ]),
  );

  test(
    "where a row has no ground",
    tampered(
      `insert into due_timers (tenant_no, tenant_id, plan_no, plan_id, step_key, at)
       select tenant_no, 'acme', no, id, 'b', 5 from plans
       where no = current_setting('test.plan')::bigint`,
      [/its timer row b says .*, its events know none/],
    ),
  );

  test(
    "where the text of a plan is gone",
    tampered(`delete from revisions where ${ours}`, [
      /its events do not add up to a plan: .*revision 1/,
    ]),
  );

  test(
    "where the row of a plan says something else",
    tampered("update plans set name = 'Other' where no = current_setting('test.plan')::bigint", [
      /its plan row/,
    ]),
  );
});

test("every tenant is looked at, and each by itself", async () => {
  const other = { tenantId: "other" };
  await fixture.start("pln_theirs", planOf({ a: [] }), other);
  await newPlan();
  expect(await fixture.stores.check()).toEqual([]);
  await database.owner.query(
    "update steps set attempt = 9 from plans where no = plan_no and id = 'pln_theirs'",
  );
  expect(await fixture.stores.check()).toEqual([
    expect.stringMatching(/^pln_theirs: its step row a says/),
  ]);
  await forget("pln_theirs");
});

test("a store is found sound while others work on it", async () => {
  await fixture.start("pln_busy", planOf({ pause: { do: "wait", wait: { signal: "end" } } }));
  const working = Promise.all(
    Array.from({ length: 200 }, (_, index) =>
      fixture.commit(
        fixture.command("signal.deliver", {
          planId: "pln_busy",
          data: { name: `s${index % 5}`, payload: index },
        }),
      ),
    ),
  );
  const problems = [];
  for (let looks = 0; looks < 5; looks += 1) problems.push(...(await fixture.stores.check()));
  expect((await working).every(({ ok }) => ok)).toBe(true);
  expect(problems).toEqual([]);
});
