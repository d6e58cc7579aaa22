import { hash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { decide } from "../../core/plan/decide.ts";
import type { PlanEvent } from "../../core/plan/event.ts";
import { planOf, type Fixture } from "../../testing/store-contract/fixture.ts";
import { eventText } from "../event-text.ts";
import { openStoreDatabase, type StoreDatabase } from "./test-database.test-helper.ts";

let database: StoreDatabase;
let plans = 0;

beforeAll(async () => {
  database = await openStoreDatabase();
});

afterAll(() => database[Symbol.asyncDispose]());

const NOTHING_FOLDED = { activeMax: 0, idleMax: 0 };
const PLAN = planOf({ a: [], b: ["a"] });

/** Plans under way, each with a step that may be leased. */
async function start(fixture: Fixture, count: number): Promise<readonly string[]> {
  const ids = Array.from({ length: count }, () => `pln_${(plans += 1)}`);
  for (const planId of ids) {
    await fixture.accept(fixture.createCommand(planId, PLAN, { id: `create_${planId}` }));
    for (const type of ["plan.submit", "plan.start"] as const) {
      await fixture.accept(fixture.command(type, { planId, id: `${type}_${planId}`, data: {} }));
    }
  }
  return ids;
}

/** Writes what a later release might: the next event of a plan, as it changes the last one. */
async function writeLater(fixture: Fixture, planId: string, changes: object): Promise<string> {
  const chain = await fixture.store.chain(planId);
  const last = chain.at(-1);
  if (last === undefined) throw new Error(`${planId} has no events`);
  const seq = last.event.seq + 1;
  const event: PlanEvent = { ...last.event, ...changes, seq, id: `${planId}/${seq}` };
  const body = eventText(event);
  await database.owner.query("begin");
  await database.owner.query(
    `insert into events (tenant_no, plan_no, seq, hash, body)
     select tenant_no, no, $2, $3, $4 from plans where id = $1`,
    [planId, seq, hash("sha256", last.hash + body), body],
  );
  await database.owner.query("update plans set version = $2 where id = $1", [planId, seq]);
  await database.owner.query("commit");
  return event.id;
}

function lease(fixture: Fixture, planId: string) {
  const offer = { slots: 1, pools: ["default"], capabilities: new Set(["tool:std.echo"]) };
  const command = fixture.command("attempt.lease", {
    planId,
    id: `lease_${(plans += 1)}`,
    data: { offer: { ...offer, workerId: "wrk_1", idle: true } },
  });
  return fixture.store.commit(command, decide);
}

const LATER = { type: "plan.starred" };

describe.each([
  ["which is folded already", undefined],
  ["which is not folded yet", NOTHING_FOLDED],
])("P22: an event of a later release, in a plan %s,", (_which, cache) => {
  test("stops that plan with a named fault, and the others of its wave go on", async () => {
    const fixture = await database.open(cache);
    const [strange = "", ...others] = await start(fixture, 12);
    const event = await writeLater(fixture, strange, LATER);
    const fault = {
      code: "unknown-event",
      retryable: false,
      message: `${event} is plan.starred in shape 1, and this release knows no event of that type: a later release carries this plan on, and this one the others`,
    };
    const asked = [strange, ...others, strange].map((planId) => lease(fixture, planId));
    const [first, ...rest] = await Promise.allSettled(asked);
    const last = rest.pop();
    expect(first).toMatchObject({ status: "rejected", reason: fault });
    expect(last).toMatchObject({ status: "rejected", reason: fault });
    expect(rest).toHaveLength(others.length);
    for (const answer of rest) {
      expect(answer).toMatchObject({ value: { ok: true, leases: [{ stepKey: "a" }] } });
    }
    await expect(fixture.store.read(strange, ({ status }) => status)).rejects.toMatchObject(fault);
    expect(await fixture.store.read(others[0] ?? "", ({ version }) => version)).toBeGreaterThan(5);
  });

  test("is read, listed and followed all the same", async () => {
    const fixture = await database.open(cache);
    const [strange = ""] = await start(fixture, 1);
    const id = await writeLater(fixture, strange, { ...LATER, data: { by: "ann" } });
    const event = { id, type: "plan.starred", data: { by: "ann" } };
    expect((await fixture.store.events(strange)).at(-1)).toMatchObject(event);
    const { data } = await fixture.store.plans({ limit: 200 });
    expect(data.map((row) => row.id)).toContain(strange);
    const { events } = await fixture.store.feed(null, 10_000);
    expect(events.findLast(({ planId }) => planId === strange)).toMatchObject(event);
    expect(await fixture.stores.check()).toContainEqual(
      `${strange}: its events do not add up to a plan: ${id} is plan.starred in shape 1, and this release knows no event of that type`,
    );
  });
});

test("P22: a known event in a newer shape stops its plan as well, for who looks and for who acts", async () => {
  const fixture = await database.open();
  const [strange = ""] = await start(fixture, 1);
  await writeLater(fixture, strange, { type: "plan.paused", v: 2 });
  const fault = {
    code: "unknown-event",
    message: expect.stringContaining(
      "plan.paused in shape 2, and this release knows shapes up to 1",
    ),
  };
  await expect(fixture.store.read(strange, ({ status }) => status)).rejects.toMatchObject(fault);
  await expect(lease(fixture, strange)).rejects.toMatchObject(fault);
});
