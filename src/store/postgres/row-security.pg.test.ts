import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { planOf, tool, type Fixture } from "../../testing/store-contract/fixture.ts";
import type { Driver, Scope } from "./driver.ts";
import { openStoreDatabase, type StoreDatabase } from "./test-database.test-helper.ts";

let database: StoreDatabase;
let fixture: Fixture;

beforeAll(async () => {
  database = await openStoreDatabase();
  fixture = await database.open();
  for (const tenantId of ["acme", "other"]) await fill(tenantId);
});

afterAll(() => database[Symbol.asyncDispose]());

/** Leaves something in every table. */
async function fill(tenantId: string): Promise<void> {
  const store = fixture.stores.forTenant(tenantId);
  const sub = { do: "plan", plan: planOf({ inner: [] }) } as const;
  const ask = { do: "human", request: { kind: "input", title: "Which?" } } as const;
  const pause = { do: "wait", wait: { for: "1h" } } as const;
  await fixture.start("pln_1", planOf({ a: [], b: [], c: tool(), ask, pause, sub }), { tenantId });
  const holder = { name: tenantId, host: "box", pid: 1, bootId: null };
  const workerId = await fixture.stores.beginLease(holder, fixture.now, 60_000);
  const names = { planId: "pln_1", stepKey: "a", attempt: 1 };
  await fixture.accept(fixture.leaseCommand("pln_1", 2, workerId), store);
  await fixture.stores.recordProcess({
    ...names,
    ...holder,
    tenantId,
    workerId,
    startTicks: "1",
  });
  await store.changeLimit("tenant", { kind: "set", max: 10 });
  await store.appendProgress([{ ...names, stream: "stdout", text: "secret", at: 1 }]);
  const artifact = {
    id: `art_${tenantId}`,
    name: "report",
    sha256: "0".repeat(64),
    size: 1,
    mediaType: "text/plain",
  };
  const outcome = { kind: "succeeded", output: null, artifacts: [artifact] } as const;
  await fixture.accept(fixture.reportCommand("pln_1", "a", { workerId, outcome }), store);
  const { rows } = await database.owner.query(
    `insert into checkpoints (tenant_no, plan_no, seq, body)
     select tenant_no, plans.no, 1, '{}' from plans join tenants on tenants.no = tenant_no
     where tenants.id = $1 returning plan_no`,
    [tenantId],
  );
  expect(rows).toHaveLength(1);
}

async function tables(): Promise<string[]> {
  const { rows } = await database.owner.query<{ relname: string }>(
    `select relname from pg_class
     where relnamespace = 'planwright'::regnamespace and relkind = 'r' order by relname`,
  );
  return rows.map(({ relname }) => relname);
}

async function countsIn(scope: Scope, driver: Driver): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const name of await tables()) {
    // The names are those of the catalogue.
    const [row] = await driver.as(scope).rows<{ count: number }>(`select count(*) from ${name}`);
    counts[name] = row?.count ?? -1;
  }
  return counts;
}

async function countsBy(client: Client): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const name of await tables()) {
    const { rows } = await client.query<{ count: string }>(`select count(*) from ${name}`);
    counts[name] = Number(rows[0]?.count);
  }
  return counts;
}

async function numberOf(tenantId: string): Promise<number> {
  const { rows } = await database.owner.query<{ no: string }>(
    "select no from tenants where id = $1",
    [tenantId],
  );
  return Number(rows[0]?.no);
}

/** Rows of tables that are nobody's in particular. */
const OF_ALL = new Set(["deployment", "migrations"]);
/** What the fleet keeps for all tenants. */
const OF_THE_FLEET = new Set(["attempt_processes", "leases"]);

/** Tables of which something is to be seen. */
function seenIn(counts: Readonly<Record<string, number>>): string[] {
  return Object.keys(counts).filter((name) => counts[name] !== 0);
}

describe("P21: row-level security", () => {
  test("holds for every table, and for its owner", async () => {
    const { rows } = await database.owner.query<{ relname: string }>(
      `select relname from pg_class
       where relnamespace = 'planwright'::regnamespace and relkind = 'r'
         and (not relrowsecurity or not relforcerowsecurity or not exists (
           select from pg_policy where polrelid = pg_class.oid))`,
    );
    expect(rows).toEqual([]);
  });

  test("shows nothing to who says not whom it acts for", async () => {
    const client = await database.connect();
    await client.query("set role planwright_app");
    expect(seenIn(await countsBy(client))).toEqual([...OF_ALL]);
  });

  test("shows nothing for a tenant that is not there, and refuses one that is no number", async () => {
    expect(seenIn(await countsIn({ tenantNo: 4711 }, database.driver))).toEqual([...OF_ALL]);
    const client = await database.connect();
    await client.query("set role planwright_app");
    await client.query("set app.tenant = '1 or true'");
    await expect(client.query("select count(*) from plans")).rejects.toThrow(
      "invalid input syntax",
    );
  });

  test("shows each tenant its own rows of every table, and none of another's", async () => {
    const all = await countsBy(database.owner);
    const acme = await countsIn({ tenantNo: await numberOf("acme") }, database.driver);
    const other = await countsIn({ tenantNo: await numberOf("other") }, database.driver);
    const ofTenants = (await tables()).filter(
      (name) => !OF_ALL.has(name) && !OF_THE_FLEET.has(name),
    );
    expect(seenIn(acme)).toEqual([...OF_ALL, ...ofTenants].toSorted());
    expect(seenIn(other)).toEqual(seenIn(acme));
    for (const name of ofTenants) {
      expect([name, (acme[name] ?? 0) + (other[name] ?? 0)]).toEqual([name, all[name]]);
    }
  });

  test("shows the fleet what is due, which steps run and who is at work, and nothing else", async () => {
    const seen = await countsIn("fleet", database.driver);
    expect(seenIn(seen)).toEqual([
      "attempt_processes",
      "deployment",
      "due_lanes",
      "due_messages",
      "due_timers",
      "leases",
      "limits",
      "migrations",
      "steps",
      "tenants",
    ]);
  });

  test("lets nobody write into another's rows, nor move rows there", async () => {
    const tenantNo = await numberOf("acme");
    const theirs = await numberOf("other");
    const session = database.driver.as({ tenantNo });
    const foreign = { code: "unsupported", message: expect.stringContaining("row-level security") };
    await expect(
      session.rows(
        "insert into commands (tenant_no, id, digest, at) values ($1, 'x', '', 0)",
        theirs,
      ),
    ).rejects.toMatchObject(foreign);
    await expect(session.rows("update steps set tenant_no = $1", theirs)).rejects.toMatchObject(
      foreign,
    );
    const changed = await session.rows(
      "update plans set name = 'taken' where tenant_no = $1 returning no",
      theirs,
    );
    expect(changed).toEqual([]);
  });

  test("lets the fleet change nothing of a tenant's", async () => {
    const fleet = database.driver.as("fleet");
    expect(await fleet.rows("update steps set attempt = 0 returning plan_no")).toEqual([]);
    expect(await fleet.rows("delete from due_lanes returning plan_no")).toEqual([]);
    expect(await fleet.rows("delete from tenants returning no")).toEqual([]);
  });

  test("says of a name that another tenant uses nothing: it can be used here as well", async () => {
    const tenantNo = await numberOf("acme");
    const theirs = await numberOf("other");
    const add = "insert into commands (tenant_no, id, digest, at) values ($1, 'same', '', 0)";
    await database.driver.as({ tenantNo }).rows(add, tenantNo);
    await database.driver.as({ tenantNo: theirs }).rows(add, theirs);
  });

  test("does not go on to the next who is lent the connection", async () => {
    const driver = await database.openDriver(1);
    const scopes: Scope[] = [{ tenantNo: await numberOf("acme") }, "fleet", { tenantNo: 4711 }];
    const asks = scopes.map((scope) =>
      driver
        .as(scope)
        .rows<{ tenant: number | null; fleet: boolean }>(
          "select planwright_tenant() as tenant, planwright_is_fleet() as fleet",
        ),
    );
    const [first, second, third] = await Promise.all(asks);
    expect(first).toEqual([{ tenant: await numberOf("acme"), fleet: false }]);
    expect(second).toEqual([{ tenant: null, fleet: true }]);
    expect(third).toEqual([{ tenant: 4711, fleet: false }]);
    const broken = driver.transaction({ tenantNo: 1 }, async () => {
      throw new Error("broken off");
    });
    await expect(broken).rejects.toThrow("broken off");
    expect(await driver.as("fleet").rows("select planwright_tenant() as tenant")).toEqual([
      { tenant: null },
    ]);
  });
});
