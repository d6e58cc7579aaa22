import { describe, expect, test } from "vitest";
import { decide } from "../core/plan/decide.ts";
import { onStore, planOf, type Fixture } from "../testing/store-contract/fixture.ts";
import { openSqlite } from "./sqlite/open-sqlite.ts";
import { openDriver, type Driver, type OpenDriver } from "./sqlite/driver.ts";
import { StoreFault } from "./store.ts";

/** A disk that fails when it is told to, before or after the transaction has been made durable. */
class Disk {
  fails: "never" | "before-commit" | "after-commit" = "never";
  readonly transactions: number[] = [];
  #commands = 0;

  readonly open: OpenDriver = (options) => {
    const driver = openDriver(options);
    return {
      exec: (script) => driver.exec(script),
      run: (sql, ...values) => this.#run(driver, sql, values),
      find: (sql, ...values) => driver.find(sql, ...values),
      all: (sql, ...values) => driver.all(sql, ...values),
      transaction: (work) => this.#transaction(driver, work),
      rehearsal: (work) => driver.rehearsal(work),
      snapshot: (work) => driver.snapshot(work),
      close: () => driver.close(),
    };
  };

  #run(driver: Driver, sql: string, values: Parameters<Driver["run"]>[1][]): number {
    if (sql.startsWith("insert into commands")) this.#commands += 1;
    return driver.run(sql, ...values);
  }

  #transaction<T>(driver: Driver, work: () => T): T {
    this.#commands = 0;
    const result = driver.transaction(() => {
      const inner = work();
      if (this.fails === "before-commit")
        throw new StoreFault("full", "the disk failed", { retryable: true });
      return inner;
    });
    this.transactions.push(this.#commands);
    if (this.fails === "after-commit") throw new StoreFault("unreachable", "the answer was lost");
    return result;
  }
}

function onDisk(body: (fixture: Fixture, disk: Disk) => Promise<void>): () => Promise<void> {
  const disk = new Disk();
  const open: Parameters<typeof onStore>[0]["open"] = (options) =>
    openSqlite({ ...options, path: ":memory:", openDriver: disk.open });
  return onStore({ name: "", describe, test, open }, (fixture) => body(fixture, disk));
}

describe("a wave of commits", () => {
  test(
    "S5: commits that wait at the same time share a transaction, 64 at most",
    onDisk(async (fixture, disk) => {
      disk.transactions.length = 0;
      const ids = Array.from({ length: 150 }, (_, index) => `pln_${index}`);
      await Promise.all(ids.map((id) => fixture.draft(id, planOf({ a: [] }))));
      expect(disk.transactions).toEqual([64, 64, 22]);
    }),
  );

  test(
    "that fails leaves nothing, and everybody in it gets the fault",
    onDisk(async (fixture, disk) => {
      await fixture.start("pln_1", planOf({ a: [], b: [] }));
      disk.fails = "before-commit";
      const results = await Promise.allSettled([
        fixture.commit(fixture.leaseCommand("pln_1")),
        fixture.commit(fixture.createCommand("pln_2", planOf({ a: [] }))),
        fixture.stores.beginLease({ name: "x", host: "y", pid: 1, bootId: null }, 0, 1),
      ]);
      for (const result of results) {
        expect(result).toMatchObject({ status: "rejected", reason: { code: "full" } });
      }
      disk.fails = "never";
      expect(await fixture.store.read("pln_2", () => true)).toBeNull();
      expect(await fixture.store.read("pln_1", (plan) => plan.running.size)).toBe(0);
      expect(await fixture.stores.leases()).toEqual([]);
    }),
  );

  test(
    "that failed can be sent again, and goes on as if it had never been",
    onDisk(async (fixture, disk) => {
      await fixture.start("pln_1", planOf({ a: [] }));
      const lease = fixture.leaseCommand("pln_1");
      disk.fails = "before-commit";
      await expect(fixture.commit(lease)).rejects.toThrow("the disk failed");
      disk.fails = "never";
      const { leases } = await fixture.accept(lease);
      expect(leases).toHaveLength(1);
      await fixture.accept(fixture.reportCommand("pln_1", "a"));
      expect(await fixture.stores.check()).toEqual([]);
    }),
  );

  test(
    "whose answer was lost is found again by the id of its command",
    onDisk(async (fixture, disk) => {
      const create = fixture.createCommand("pln_1", planOf({ a: [] }));
      disk.fails = "after-commit";
      await expect(fixture.commit(create)).rejects.toThrow("the answer was lost");
      disk.fails = "never";
      const decision = await fixture.store.commit(create, () => {
        throw new Error("decided again");
      });
      expect(decision.ok).toBe(true);
      await fixture.accept(fixture.command("plan.submit", { data: {} }));
      expect(await fixture.stores.check()).toEqual([]);
    }),
  );

  test(
    "in which one thing cannot be stored fails that one alone",
    onDisk(async (fixture) => {
      await fixture.start("pln_1", planOf({ a: [], b: [] }));
      const line = { planId: "pln_1", stepKey: "a", stream: "note", text: "x", at: 1 } as const;
      const results = await Promise.allSettled([
        fixture.commit(fixture.leaseCommand("pln_1")),
        fixture.store.appendProgress([{ ...line, attempt: 1.5 }]),
        fixture.store.appendProgress([{ ...line, attempt: 1 }]),
        fixture.commit(fixture.createCommand("pln_2", planOf({ a: [] }))),
      ]);
      expect(results.map(({ status }) => status)).toEqual([
        "fulfilled",
        "rejected",
        "fulfilled",
        "fulfilled",
      ]);
      expect(results[1]).toMatchObject({ reason: { code: "failed", retryable: false } });
      expect(await fixture.store.progress({ planId: "pln_1", stepKey: "a" })).toHaveLength(1);
      expect(await fixture.store.read("pln_1", (plan) => plan.running.size)).toBe(1);
      expect(await fixture.stores.check()).toEqual([]);
    }),
  );

  test(
    "answers nobody before it has been written",
    onDisk(async (fixture, disk) => {
      const order: string[] = [];
      const { push } = disk.transactions;
      disk.transactions.push = (...counts) => {
        order.push("written");
        return push.apply(disk.transactions, counts);
      };
      await fixture.store
        .commit(fixture.createCommand("pln_1", planOf({ a: [] })), (plan, command, pure) => {
          order.push("decided");
          return decide(plan, command, pure);
        })
        .then(() => order.push("answered"));
      expect(order).toEqual(["decided", "written", "answered"]);
    }),
  );
});
