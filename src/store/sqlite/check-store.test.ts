import { describe, expect, test } from "vitest";
import { onStore, planOf, SERVED, type Fixture } from "../../testing/store-contract/fixture.ts";
import { openDriver, type Driver } from "./driver.ts";
import { openSqlite } from "./open-sqlite.ts";

/** A store with a plan of which a step runs, a request is open and a timer is set. */
function onTampered(sql: string, expected: readonly RegExp[]): () => Promise<void> {
  let driver: Driver | undefined;
  const open: Parameters<typeof onStore>[0]["open"] = (options) =>
    openSqlite({
      ...options,
      path: ":memory:",
      openDriver: (where) => (driver = openDriver(where)),
    });
  return onStore({ name: "", describe, test, open }, async (fixture) => {
    await prepare(fixture);
    expect(await fixture.stores.check()).toEqual([]);
    expect(driver?.run(sql)).toBeGreaterThan(0);
    const problems = await fixture.stores.check();
    expect(problems).toHaveLength(expected.length);
    for (const [index, pattern] of expected.entries()) expect(problems[index]).toMatch(pattern);
  });
}

async function prepare(fixture: Fixture): Promise<void> {
  const ask = { do: "human", request: { kind: "input", title: "Which?" } } as const;
  const pause = { do: "wait", wait: { for: "1h" } } as const;
  await fixture.start("pln_1", planOf({ a: [], b: [], ask, pause }));
  await fixture.lease("pln_1");
}

describe("what is wrong with a store is said", () => {
  const changed = /^pln_1\/6: it or what came before it was changed/;

  test(
    "where the last event was changed",
    onTampered(
      "update events set body = replace(body, 'wrk_contract', 'wrk_somebody') where seq = (select max(seq) from events)",
      [/^pln_1\/\d+: it or what came before it was changed/, /its step row a says .*wrk_contract/],
    ),
  );

  test(
    "where a hash was changed: that one and the next do not hold",
    onTampered("update events set hash = 'x' where seq = 6", [changed, /^pln_1\/7: /]),
  );

  test(
    "where an event is missing",
    onTampered("delete from events where seq = (select max(seq) from events)", [
      /its plan row {2}says/,
      /its step row a says/,
      /its timer row {2}says/,
    ]),
  );

  test(
    "where a limit says that more is taken than the logs say",
    onTampered(
      `insert into limits (tenant_no, key, max, used, stopped_at, stop_reason, changes)
       select no, 'tenant', 9, 5, null, null, 1 from tenants`,
      [/^the limit tenant of tenant acme says that 5 are taken, the plans' logs 0$/],
    ),
  );

  test(
    "where the row of a step says something else",
    onTampered("update steps set attempt = 7 where step_key = 'a'", [
      /its step row a says .*"attempt":7.*, its events .*"attempt":1/,
    ]),
  );

  test(
    "where a row is missing",
    onTampered("delete from requests", [/its request row req_\S+ says nothing, its events/]),
  );

  test(
    "where a row has no ground",
    onTampered("insert into due_timers (plan_no, step_key, at) values (1, 'b', 5)", [
      /its timer row b says .*, its events know none/,
    ]),
  );

  test(
    "where the text of a plan is gone",
    onTampered("delete from revisions", [/its events do not add up to a plan: .*revision 1/]),
  );

  test(
    "where the row of a plan says something else",
    onTampered("update plans set name = 'Other'", [/its plan row/]),
  );
});

test("a plan with a damaged log is a fault for whoever reads it, and for nobody else", async () => {
  let driver: Driver | undefined;
  const run = onStore(
    {
      name: "",
      describe,
      test,
      open: (options) =>
        openSqlite({
          ...options,
          path: ":memory:",
          openDriver: (where) => (driver = openDriver(where)),
        }),
    },
    async (fixture) => {
      await fixture.start("pln_1", planOf({ a: [] }));
      await fixture.start("pln_2", planOf({ a: [] }));
      driver?.run("delete from events where plan_no = 1 and seq = 1");
      await expect(fixture.store.read("pln_1", () => true)).rejects.toMatchObject({
        code: "corrupt",
      });
      const broken = fixture.commit(fixture.leaseCommand("pln_1"));
      const sound = fixture.accept(fixture.leaseCommand("pln_2"));
      await expect(broken).rejects.toMatchObject({ code: "corrupt" });
      expect((await sound).leases).toHaveLength(1);
      const query = { now: fixture.now, limit: 9, pools: ["default"], capabilities: SERVED };
      expect((await fixture.stores.due(query)).due).toHaveLength(1);
    },
    { activeMax: 0, idleMax: 0 },
  );
  await run();
});
