import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { createDatabase } from "../../../test/postgres/create-database.ts";
import type { TestDatabase } from "../../../test/postgres/create-database-on.ts";
import { CONTRACT_PURE } from "../../testing/store-contract/contract-pure.ts";
import { BEGINNING, Fixture, planOf, tool } from "../../testing/store-contract/fixture.ts";
import { startTcpProxy } from "../../testing/faults/tcp-proxy.ts";
import { openPostgres } from "./open-postgres.ts";

let database: TestDatabase;
let plans = 0;

beforeAll(async () => {
  database = await createDatabase();
});

afterAll(() => database[Symbol.asyncDispose]());

/** Each has what it has folded, and knows nothing of the others but what the database says. */
async function openProcess(url = database.url): Promise<Fixture> {
  const clock = { time: BEGINNING };
  const stores = await openPostgres({
    url,
    clock: { now: () => clock.time, defer: (callback) => void setImmediate(callback) },
    pure: CONTRACT_PURE,
    acceptDataLoss: true,
    trustsCallers: true,
  });
  onTestFinished(() => stores[Symbol.asyncDispose]());
  return new Fixture(stores, clock);
}

function newPlan(): string {
  plans += 1;
  return `pln_${plans}`;
}

/** Commands of different processes, with ids of their own. */
function idOf(what: string): { readonly id: string } {
  return { id: `${what}_${(plans += 1)}` };
}

test("what one process has committed another reads at once, whatever it had folded before", async () => {
  const [one, other] = await Promise.all([openProcess(), openProcess()]);
  const planId = newPlan();
  await one.accept(one.createCommand(planId, planOf({ a: [] }), idOf("create")));
  expect(await other.store.read(planId, ({ status }) => status)).toBe("draft");
  await one.accept(one.command("plan.submit", { planId, ...idOf("submit"), data: {} }));
  expect(await other.store.read(planId, ({ status }) => status)).toBe("approved");
});

test("a refusal is made on the newest state, never on what was folded before", async () => {
  const [one, other] = await Promise.all([openProcess(), openProcess()]);
  const planId = newPlan();
  await one.accept(one.createCommand(planId, planOf({ a: [] }), idOf("create")));
  expect(await other.store.read(planId, ({ status }) => status)).toBe("draft");
  await one.accept(one.command("plan.submit", { planId, ...idOf("submit"), data: {} }));
  const start = other.command("plan.start", { planId, ...idOf("start"), data: {} });
  expect(await other.commit(start)).toMatchObject({ ok: true });
});

test("work that another process has readied is found, though nothing had been there before", async () => {
  const [one, other] = await Promise.all([openProcess(), openProcess()]);
  const planId = newPlan();
  await startPlan(one, planId, { a: [], b: ["a"] });
  const [lease] = await leaseIn(one, planId);
  expect(await leaseIn(other, planId)).toEqual([]);
  const report = one.reportCommand(planId, "a", {
    attempt: lease?.attempt ?? 0,
    ...idOf("report"),
  });
  await one.accept(report);
  expect((await leaseIn(other, planId)).map(({ stepKey }) => stepKey)).toEqual(["b"]);
});

test("of 800 that ask at once for 20 steps, over 8 processes, 20 get one", async () => {
  const processes = await Promise.all(Array.from({ length: 8 }, () => openProcess()));
  const [first] = processes;
  const planId = newPlan();
  const steps = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`s${index}`, []]));
  if (first === undefined) throw new Error("no process");
  await startPlan(first, planId, steps);
  const leases = await Promise.all(
    Array.from({ length: 100 }, () => processes.map((one) => leaseIn(one, planId))).flat(),
  );
  const got = leases.flat().map(({ stepKey }) => stepKey);
  expect(got).toHaveLength(20);
  expect(new Set(got).size).toBe(20);
  expect(await first.stores.check()).toEqual([]);
});

test("processes that work on one plan lose nothing of it and write nothing twice", async () => {
  const processes = await Promise.all(Array.from({ length: 4 }, () => openProcess()));
  const [first] = processes;
  if (first === undefined) throw new Error("no process");
  const planId = newPlan();
  const keys = Array.from({ length: 60 }, (_, index) => `s${index}`);
  await startPlan(first, planId, {
    ...Object.fromEntries(keys.map((key) => [key, []])),
    join: tool(keys),
  });
  await Promise.all(processes.map((one) => workOn(one, planId)));
  const counts = await first.store.read(planId, (plan) => plan.counts);
  expect(counts).toMatchObject({ succeeded: 61 });
  const events = await first.store.events(planId);
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  expect(events.filter(({ type }) => type === "attempt.started")).toHaveLength(61);
  expect(await first.stores.check()).toEqual([]);
});

test("a plan of one name is made once, whoever makes it at the same moment", async () => {
  const processes = await Promise.all(Array.from({ length: 4 }, () => openProcess()));
  const planId = newPlan();
  const decisions = await Promise.all(
    processes.map((one) =>
      one.commit(one.createCommand(planId, planOf({ a: [] }), idOf("create"))),
    ),
  );
  expect(decisions.filter(({ ok }) => ok)).toHaveLength(1);
});

test("a lease that comes again through another process is answered as it was, without the lease", async () => {
  const [one, other] = await Promise.all([openProcess(), openProcess()]);
  const planId = newPlan();
  await startPlan(one, planId, { a: [] });
  expect(await other.store.read(planId, ({ status }) => status)).toBe("executing");
  const command = { ...one.leaseCommand(planId), ...idOf("lease") };
  const first = await one.accept(command);
  expect(first.leases).toHaveLength(1);
  expect(await other.commit(command)).toEqual({ ok: true, events: first.events, leases: [] });
});

test("a commit whose answer was cut off is looked up, and answered as what it was (P2)", async () => {
  const port = Number(new URL(database.url).port);
  await using proxy = await startTcpProxy({ port });
  const one = await openProcess(proxy.route(database.url));
  const planId = newPlan();
  await startPlan(one, planId, { a: [], b: [] });
  let cuts = 0;
  proxy.cutCommits({ when: "answered", which: () => (cuts += 1) === 1 });
  const paused = await one.commit(one.command("plan.pause", { planId, ...idOf("p"), data: {} }));
  expect(proxy.commitCuts.committed).toBe(1);
  expect(paused).toMatchObject({ ok: true, events: [{ type: "plan.paused" }] });
  const events = await one.store.events(planId);
  expect(events.filter(({ type }) => type === "plan.paused")).toHaveLength(1);
});

async function startPlan(
  one: Fixture,
  planId: string,
  steps: Parameters<typeof planOf>[0],
): Promise<void> {
  await one.accept(one.createCommand(planId, planOf(steps), idOf("create")));
  await one.accept(one.command("plan.submit", { planId, ...idOf("submit"), data: {} }));
  await one.accept(one.command("plan.start", { planId, ...idOf("start"), data: {} }));
}

async function leaseIn(
  one: Fixture,
  planId: string,
): Promise<readonly { stepKey: string; attempt: number }[]> {
  return (await one.accept({ ...one.leaseCommand(planId), ...idOf("lease") })).leases;
}

/** Leases and reports until there is nothing left to do. */
async function workOn(one: Fixture, planId: string): Promise<void> {
  for (;;) {
    const isOver = await one.store.read(planId, ({ status }) => status !== "executing");
    if (isOver === true) return;
    for (const { stepKey, attempt } of await leaseIn(one, planId)) {
      await one.accept(one.reportCommand(planId, stepKey, { attempt, ...idOf("report") }));
    }
  }
}

test("who writes to a plan while its creation is told again finds the plan, in a wave that is tried again", async () => {
  const [one, other] = await Promise.all([openProcess(), openProcess()]);
  const known = newPlan();
  await startPlan(one, known, { a: [] });
  const data = { name: "go", payload: null };
  const signal = one.command("signal.deliver", { planId: known, ...idOf("signal"), data });
  await one.accept(signal);
  await other.store.read(known, ({ status }) => status);
  const planId = newPlan();
  const create = one.createCommand(planId, planOf({ a: [] }), idOf("create"));
  await one.accept(create);
  const submit = other.command("plan.submit", { planId, ...idOf("submit"), data: {} });
  // The signal has been answered before: all of its wave is tried again, as what may be known.
  const all = [signal, create, submit].map((command) => other.commit(command));
  expect(await Promise.all(all)).toMatchObject([{ ok: true }, { ok: true }, { ok: true }]);
});
