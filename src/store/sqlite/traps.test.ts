import { describe, expect, test } from "vitest";
import { onStore, planOf, type Fixture } from "../../testing/store-contract/fixture.ts";
import { openDriver, type Driver } from "./driver.ts";
import { openSqlite } from "./open-sqlite.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

function onSqlite(body: (fixture: Fixture, driver: () => Driver) => Promise<void>) {
  let driver: Driver | undefined;
  const open: Parameters<typeof onStore>[0]["open"] = (options) =>
    openSqlite({
      ...options,
      path: ":memory:",
      openDriver: (where) => (driver = openDriver(where)),
    });
  return onStore({ name: "", describe, test, open }, (fixture) =>
    body(fixture, () => {
      if (driver === undefined) throw new Error("not opened yet");
      return driver;
    }),
  );
}

describe("on SQLite", () => {
  test(
    "S15: text that a database would change is made well-formed in rows, and kept in the log",
    onSqlite(async (fixture) => {
      const name = "half \ud83d of a character, and \u0000 a nul";
      await fixture.draft("pln_1", { ...planOf({ a: [] }), plan: name });
      const [row] = (await fixture.store.plans()).data;
      expect(row?.name).toBe("half \ufffd of a character, and \u0000 a nul");
      const [event] = await fixture.store.events("pln_1");
      expect(event?.data).toMatchObject({ name });
      expect(await fixture.stores.check()).toEqual([]);
    }),
  );

  test(
    "S18: a clock that jumps ends no lease before its time, and a new start of the machine all",
    onSqlite(async ({ stores, now }) => {
      const holder = { name: "one", host: "box", pid: 1, bootId: "before" };
      const first = await stores.beginLease(holder, now, 1000);
      expect(await stores.renewLease(first, now - DAY_MS, 1000)).toBe(true);
      expect(await stores.endExpiredLeases(now + 999)).toEqual([]);
      await stores.beginLease({ ...holder, name: "two", bootId: "after" }, now, 1000);
      expect(await stores.renewLease(first, now, 1000)).toBe(false);
    }),
  );

  test(
    "answers to commands are kept for a day, and then forgotten a few at a time",
    onSqlite(async (fixture, driver) => {
      const count = (): unknown => driver().find("select count(*) as count from commands");
      for (let index = 0; index < 5; index += 1) {
        await fixture.draft(`pln_${index}`, planOf({ a: [] }));
      }
      fixture.pass(DAY_MS - 1);
      await fixture.draft("pln_5", planOf({ a: [] }));
      expect(count()).toEqual({ count: 6 });
      fixture.pass(1);
      await fixture.draft("pln_6", planOf({ a: [] }));
      expect(count()).toEqual({ count: 2 });
    }),
  );

  test(
    "ended leases are forgotten after a week, but for those that left attempts behind",
    onSqlite(async (fixture) => {
      const { stores } = fixture;
      const holder = { host: "box", pid: 1, bootId: null };
      const idle = await stores.beginLease({ ...holder, name: "idle" }, fixture.now, 1000);
      const busy = await stores.beginLease({ ...holder, name: "busy" }, fixture.now, 1000);
      await fixture.start("pln_1", planOf({ a: [] }));
      await fixture.lease("pln_1", 1, busy);
      await stores.endLease(idle);
      await stores.endLease(busy);
      fixture.pass(8 * DAY_MS);
      const last = await stores.beginLease({ ...holder, name: "new" }, fixture.now, 1000);
      expect((await stores.leases()).map(({ workerId }) => workerId)).toEqual([busy, last]);
      expect(await stores.abandoned(10)).toHaveLength(1);
    }),
  );

  test(
    "a waiting plan is rows: one that has left the memory is there for the next command",
    onSqlite(async (fixture) => {
      const ask = { do: "human", request: { kind: "input", title: "Which?" } } as const;
      for (let index = 0; index < 30; index += 1) {
        await fixture.start(`pln_${index}`, planOf({ ask, after: ["ask"] }));
      }
      for (const { id, planId } of (await fixture.store.requests()).data) {
        const data = { requestId: id, answer: { text: "this one" } };
        await fixture.accept(fixture.command("request.decide", { planId, data }));
      }
      expect((await fixture.store.requests({ status: ["open"] })).data).toEqual([]);
      expect(await fixture.stores.check()).toEqual([]);
    }),
  );
});
