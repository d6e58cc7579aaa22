import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { planOf, tool, type Fixture } from "../../testing/store-contract/fixture.ts";
import { openStoreDatabase, type StoreDatabase } from "./test-database.test-helper.ts";

const PROCESSES = 4;
const PLANS = Array.from({ length: 8 }, (_, index) => `pln_${index}`);
const STEPS = ["a", "b", "c", "d", "e", "f"];
const CAP = 7;
const BUDGET = 40;

let database: StoreDatabase;

beforeAll(async () => {
  database = await openStoreDatabase();
});

afterAll(() => database[Symbol.asyncDispose]());

/** Attempts under way by the rows of one moment, which are what the events add up to. */
async function underWay(): Promise<number> {
  const { rows } = await database.owner.query<{ count: string }>(
    "select count(*) from steps where status = 'running'",
  );
  return Number(rows[0]?.count);
}

async function processes(): Promise<Fixture[]> {
  const all: Fixture[] = [];
  for (let index = 0; index < PROCESSES; index += 1) all.push(await database.open());
  return all;
}

interface Held {
  readonly planId: string;
  readonly stepKey: string;
  readonly attempt: number;
}

/** Asks each plan in turn, and ends what it gets in one way or another, until nothing is to be had. */
async function work(fixture: Fixture, name: string): Promise<number> {
  let started = 0;
  let empty = 0;
  for (let round = 0; empty < 2 * PLANS.length; round += 1) {
    const planId = PLANS[(round + name.length) % PLANS.length] ?? "";
    const command = { ...fixture.leaseCommand(planId, 3, name), id: `${name}/lease/${round}` };
    const { leases } = await fixture.accept(command);
    started += leases.length;
    empty = leases.length === 0 ? empty + 1 : 0;
    await Promise.all(leases.map((lease) => end(fixture, { ...lease }, name)));
  }
  return started;
}

function end(fixture: Fixture, { planId, stepKey, attempt }: Held, name: string) {
  const id = `${name}/end/${planId}/${stepKey}/${attempt}`;
  if (attempt === 1 && stepKey < "c") {
    const data = { stepKey, attempt, reason: "worker-gone" } as const;
    return fixture.accept(fixture.command("attempt.lose", { planId, id, data }));
  }
  return fixture.accept(fixture.reportCommand(planId, stepKey, { id, attempt, workerId: name }));
}

describe("limits that several processes share", () => {
  test("are never exceeded, and what was taken is what the logs say", async () => {
    const all = await processes();
    const [first] = all;
    if (first === undefined) throw new Error("there is no process");
    await first.store.changeLimit("pool:default", { kind: "set", max: CAP });
    await first.store.changeLimit("tenant", { kind: "set", max: CAP + 1 });
    await first.store.changeLimit("budget:attempts", { kind: "set", max: BUDGET });
    const steps = Object.fromEntries(STEPS.map((key) => [key, tool()]));
    for (const id of PLANS) await first.start(id, planOf(steps));
    const over = new AbortController();
    const seen: number[] = [];
    const watching = (async () => {
      while (!over.signal.aborted) seen.push(await underWay());
    })();
    const names = all.map((_, index) => `wrk_${"x".repeat(index + 1)}`);
    const started = await Promise.all(
      all.map((fixture, index) => work(fixture, names[index] ?? "")),
    );
    over.abort();
    await watching;
    expect(Math.max(...seen)).toBeLessThanOrEqual(CAP);
    expect(Math.max(...seen)).toBeGreaterThan(1);
    expect(started.reduce((sum, count) => sum + count, 0)).toBe(BUDGET);
    expect(await first.store.limits()).toMatchObject([
      { key: "budget:attempts", used: BUDGET },
      { key: "pool:default", used: 0 },
      { key: "tenant", used: 0 },
    ]);
    expect(await first.stores.check()).toEqual([]);
  });

  test("are known to the others by their next look for work", async () => {
    const [one, other] = await processes();
    if (one === undefined || other === undefined) throw new Error("there are no processes");
    const tenantId = "late";
    const store = other.stores.forTenant(tenantId);
    await one.start("pln_late", planOf({ a: [], b: [] }), { tenantId });
    const lease = async (id: string) => {
      const { leases } = await other.accept({ ...other.leaseCommand("pln_late"), id }, store);
      return leases.length;
    };
    expect(await lease("other/1")).toBe(1);
    await one.stores.forTenant(tenantId).changeLimit("tenant", { kind: "stop", reason: null });
    const query = { limit: 1, pools: [], capabilities: new Set<string>() };
    await other.stores.due({ ...query, now: other.now });
    expect(await lease("other/2")).toBe(0);
  });
});
