import assert from "node:assert/strict";
import type { AttemptProcess, LeaseHolder } from "../../store/store.ts";
import { onStore, planOf, type Fixture } from "./fixture.ts";
import type { ContractPart } from "./suite.ts";

const TTL_MS = 15_000;
const HOLDER: LeaseHolder = { name: "one", host: "box", pid: 10, bootId: "boot-1" };

/** The lives of workers, and what they leave behind. */
export const lives: ContractPart = (options) => {
  const { describe, test } = options;
  const on = (body: (fixture: Fixture) => Promise<void>): (() => Promise<void>) =>
    onStore(options, body);

  describe("a worker's lease", () => {
    test(
      "has a new id each time",
      on(async (fixture) => {
        const first = await begin(fixture);
        const second = await begin(fixture);
        const third = await begin(fixture, { name: "other" });
        assert.equal(new Set([first, second, third]).size, 3);
        assert.match(first, /^wrk_/);
      }),
    );

    test(
      "is listed with its holder and its times, in the order of beginning",
      on(async (fixture) => {
        const first = await begin(fixture);
        const second = await begin(fixture, { name: "two", bootId: null });
        const times = { beganAt: fixture.now, expiresAt: fixture.now + TTL_MS, endedAt: null };
        assert.deepEqual(await fixture.stores.leases(), [
          { workerId: first, ...HOLDER, ...times },
          { workerId: second, ...HOLDER, name: "two", bootId: null, ...times },
        ]);
      }),
    );

    test(
      "lasts as long as it is renewed",
      on(async (fixture) => {
        const id = await begin(fixture);
        fixture.pass(TTL_MS - 1);
        assert.equal(await fixture.stores.renewLease(id, fixture.now, TTL_MS), true);
        fixture.pass(TTL_MS - 1);
        assert.deepEqual(await fixture.stores.endExpiredLeases(fixture.now), []);
      }),
    );

    test(
      "never gets shorter by a clock that went back",
      on(async (fixture) => {
        const id = await begin(fixture);
        await fixture.stores.renewLease(id, fixture.now - 10_000, TTL_MS);
        fixture.pass(TTL_MS - 1);
        assert.deepEqual(await fixture.stores.endExpiredLeases(fixture.now), []);
      }),
    );

    test(
      "that is over is ended once, and for good",
      on(async (fixture) => {
        const id = await begin(fixture);
        const other = await begin(fixture, { name: "two" });
        fixture.pass(TTL_MS);
        await fixture.stores.renewLease(other, fixture.now, TTL_MS);
        assert.deepEqual(await fixture.stores.endExpiredLeases(fixture.now), [id]);
        assert.deepEqual(await fixture.stores.endExpiredLeases(fixture.now), []);
        assert.equal(await fixture.stores.renewLease(id, fixture.now, TTL_MS), false);
        assert.equal((await fixture.stores.leases())[0]?.endedAt, fixture.now);
      }),
    );

    test(
      "that was ended by its holder cannot be renewed",
      on(async (fixture) => {
        const id = await begin(fixture);
        await fixture.stores.endLease(id);
        assert.equal(await fixture.stores.renewLease(id, fixture.now, TTL_MS), false);
        assert.equal(await fixture.stores.renewLease("wrk_none", fixture.now, TTL_MS), false);
      }),
    );

    test(
      "is lost to whoever begins under the same name",
      on(async (fixture) => {
        const first = await begin(fixture);
        const second = await begin(fixture, { pid: 11 });
        assert.equal(await fixture.stores.renewLease(first, fixture.now, TTL_MS), false);
        assert.equal(await fixture.stores.renewLease(second, fixture.now, TTL_MS), true);
      }),
    );

    test(
      "does not outlive its machine: after a new start of it the old ones are ended",
      on(async (fixture) => {
        const before = await begin(fixture);
        const elsewhere = await begin(fixture, { name: "far", host: "other-box" });
        const unknown = await begin(fixture, { name: "unknown", bootId: null });
        await begin(fixture, { name: "new", bootId: "boot-2" });
        assert.equal(await fixture.stores.renewLease(before, fixture.now, TTL_MS), false);
        assert.equal(await fixture.stores.renewLease(elsewhere, fixture.now, TTL_MS), true);
        assert.equal(await fixture.stores.renewLease(unknown, fixture.now, TTL_MS), true);
      }),
    );
  });

  describe("an abandoned attempt", () => {
    test(
      "is one under way whose worker's lease has been ended",
      on(async (fixture) => {
        const workerId = await begin(fixture);
        const living = await begin(fixture, { name: "two" });
        await fixture.start("pln_1", planOf({ a: [], b: [] }));
        await fixture.lease("pln_1", 1, workerId);
        await fixture.lease("pln_1", 1, living);
        assert.deepEqual(await fixture.stores.abandoned(10), []);
        await fixture.stores.endLease(workerId);
        const attempt = { tenantId: "acme", planId: "pln_1", stepKey: "a", attempt: 1 };
        const expected = [{ ...attempt, workerId, processes: [] }];
        assert.deepEqual(await fixture.stores.abandoned(10), expected);
      }),
    );

    test(
      "is none any more when it has ended",
      on(async (fixture) => {
        const workerId = await begin(fixture);
        await fixture.start("pln_1", planOf({ a: [] }));
        await fixture.lease("pln_1", 1, workerId);
        await fixture.stores.endLease(workerId);
        const data = { stepKey: "a", attempt: 1, reason: "worker-gone" } as const;
        await fixture.accept(fixture.command("attempt.lose", { data }));
        assert.deepEqual(await fixture.stores.abandoned(10), []);
      }),
    );

    test(
      "is told up to a limit",
      on(async (fixture) => {
        const workerId = await begin(fixture);
        await fixture.start("pln_1", planOf({ a: [], b: [], c: [] }));
        await fixture.lease("pln_1", 3, workerId);
        await fixture.stores.endLease(workerId);
        assert.equal((await fixture.stores.abandoned(2)).length, 2);
      }),
    );

    test(
      "comes with the processes that it left behind",
      on(async (fixture) => {
        const workerId = await begin(fixture);
        await fixture.start("pln_1", planOf({ a: [], b: [] }));
        await fixture.lease("pln_1", 2, workerId);
        const first = processOf(workerId, { pid: 100 });
        const second = processOf(workerId, { pid: 200 });
        await fixture.stores.recordProcess(second);
        await fixture.stores.recordProcess(first);
        await fixture.stores.recordProcess(processOf(workerId, { stepKey: "b", pid: 300 }));
        await fixture.stores.removeProcess(processOf(workerId, { stepKey: "b", pid: 300 }));
        await fixture.stores.endLease(workerId);
        const [a, b] = await fixture.stores.abandoned(10);
        assert.deepEqual(a?.processes, [first, second]);
        assert.deepEqual(b?.processes, []);
      }),
    );

    test(
      "keeps the latest word on a process whose number was used again",
      on(async (fixture) => {
        const workerId = await begin(fixture);
        await fixture.start("pln_1", planOf({ a: [] }));
        await fixture.lease("pln_1", 1, workerId);
        await fixture.stores.recordProcess(processOf(workerId, { startTicks: "1" }));
        await fixture.stores.recordProcess(processOf(workerId, { startTicks: "2" }));
        await fixture.stores.endLease(workerId);
        const [attempt] = await fixture.stores.abandoned(10);
        assert.deepEqual(
          attempt?.processes.map(({ startTicks }) => startTicks),
          ["2"],
        );
      }),
    );
  });

  describe("what is under way at a worker", () => {
    test(
      "is what it holds by now, of all tenants, and nothing of others",
      on(async (fixture) => {
        const workerId = await begin(fixture);
        const other = await begin(fixture, { name: "two" });
        await fixture.start("pln_1", planOf({ a: [], b: [], c: [] }));
        await fixture.lease("pln_1", 2, workerId);
        await fixture.lease("pln_1", 1, other);
        const mine = { tenantId: "acme", planId: "pln_1", attempt: 1 };
        const [a, b] = [
          { ...mine, stepKey: "a" },
          { ...mine, stepKey: "b" },
        ];
        assert.deepEqual(await fixture.stores.underWay(workerId), [a, b]);
        await fixture.accept(fixture.reportCommand("pln_1", "a", { workerId }));
        assert.deepEqual(await fixture.stores.underWay(workerId), [b]);
        assert.deepEqual(await fixture.stores.underWay("wrk_none"), []);
      }),
    );

    test(
      "is nothing any more of a plan that was cancelled",
      on(async (fixture) => {
        const workerId = await begin(fixture);
        await fixture.start("pln_1", planOf({ a: [] }));
        await fixture.lease("pln_1", 1, workerId);
        await fixture.accept(fixture.command("plan.cancel", { data: { mode: "stop" } }));
        assert.deepEqual(await fixture.stores.underWay(workerId), []);
      }),
    );

    test(
      "is still its own when its lease has been ended, until somebody takes it over",
      on(async (fixture) => {
        const workerId = await begin(fixture);
        await fixture.start("pln_1", planOf({ a: [] }));
        await fixture.lease("pln_1", 1, workerId);
        await fixture.stores.endLease(workerId);
        assert.equal((await fixture.stores.underWay(workerId)).length, 1);
        const data = { stepKey: "a", attempt: 1, reason: "worker-gone" } as const;
        await fixture.accept(fixture.command("attempt.lose", { data }));
        assert.deepEqual(await fixture.stores.underWay(workerId), []);
      }),
    );
  });

  describe("a process", () => {
    test(
      "may begin once it is on record, which a living worker's is",
      on(async (fixture) => {
        const workerId = await begin(fixture);
        assert.equal(await fixture.stores.recordProcess(processOf(workerId, {})), true);
        // Its answer was lost on its way, and it is asked again.
        assert.equal(await fixture.stores.recordProcess(processOf(workerId, {})), true);
      }),
    );

    test(
      "may not begin whose worker's lease has been ended, or never was, and is not on record",
      on(async (fixture) => {
        const workerId = await begin(fixture);
        await fixture.start("pln_1", planOf({ a: [] }));
        await fixture.lease("pln_1", 1, workerId);
        await fixture.stores.endLease(workerId);
        const process = processOf(workerId, {});
        assert.equal(await fixture.stores.recordProcess(process), false);
        const [attempt] = await fixture.stores.abandoned(10);
        assert.deepEqual(attempt?.processes, []);
        const stranger = processOf("wrk_unknown", {});
        assert.equal(await fixture.stores.recordProcess(stranger), false);
      }),
    );

    test(
      "may not begin whose worker is over or has a successor; the successor's may",
      on(async (fixture) => {
        const over = await begin(fixture, { name: "two" });
        fixture.pass(TTL_MS);
        await fixture.stores.endExpiredLeases(fixture.now);
        assert.equal(await fixture.stores.recordProcess(processOf(over, {})), false);
        const first = await begin(fixture);
        const second = await begin(fixture);
        assert.equal(await fixture.stores.recordProcess(processOf(first, {})), false);
        assert.equal(await fixture.stores.recordProcess(processOf(second, {})), true);
      }),
    );

    test(
      "is on record or its worker lives no more, whichever comes first",
      on(async (fixture) => {
        const workerId = await begin(fixture);
        await fixture.start("pln_1", planOf({ a: [] }));
        await fixture.lease("pln_1", 1, workerId);
        const pids = [100, 200, 300, 400];
        const [early, late] = [pids.slice(0, 2), pids.slice(2)].map((some) =>
          some.map((pid) => () => fixture.stores.recordProcess(processOf(workerId, { pid }))),
        );
        const end = () => fixture.stores.endLease(workerId).then(() => null);
        const works = [...(early ?? []), end, ...(late ?? [])];
        const told = await Promise.all(works.map((work) => work()));
        const begun = pids.filter((_, index) => told[index < 2 ? index : index + 1] === true);
        const [attempt] = await fixture.stores.abandoned(10);
        assert.deepEqual(
          attempt?.processes.map(({ pid }) => pid),
          begun,
        );
      }),
    );
  });
};

function begin(fixture: Fixture, holder: Partial<LeaseHolder> = {}): Promise<string> {
  return fixture.stores.beginLease({ ...HOLDER, ...holder }, fixture.now, TTL_MS);
}

function processOf(workerId: string, rest: Partial<AttemptProcess>): AttemptProcess {
  return {
    tenantId: "acme",
    planId: "pln_1",
    stepKey: "a",
    attempt: 1,
    workerId,
    host: "box",
    bootId: "boot-1",
    pid: 100,
    startTicks: "12345",
    ...rest,
  };
}
