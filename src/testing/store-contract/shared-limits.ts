import assert from "node:assert/strict";
import { checkShared, type SharedCap } from "../../core/history/check-shared.ts";
import { known } from "../../core/known.ts";
import type { PlanCommand } from "../../core/plan/command.ts";
import { decide } from "../../core/plan/decide.ts";
import type { Revision } from "../../core/plan/plan.ts";
import type { LimitKey } from "../../core/shared/limit-key.ts";
import type { Due, Stores } from "../../store/store.ts";
import { onStore, planOf, SERVED, tool, WORKER, type Fixture } from "./fixture.ts";
import type { ContractPart } from "./suite.ts";

const WIDE = planOf({ a: [], b: [], c: [] });
const CUT = { code: "cut", message: "it was cut", retryable: false };

/** What plans share is never taken beyond its limit, and comes back however an attempt ends. */
export const sharedLimits: ContractPart = (options) => {
  const { describe, test } = options;
  const on = (body: (fixture: Fixture) => Promise<void>): (() => Promise<void>) =>
    onStore(options, body);

  describe("a limit that plans share", () => {
    test(
      "lets no more attempts start than it has room for, of whichever plan",
      on(async (fixture) => {
        await limit(fixture, "pool:default", 4);
        await fixture.start("pln_1", WIDE);
        await fixture.start("pln_2", WIDE);
        assert.equal((await fixture.lease("pln_1", 9)).length, 3);
        assert.equal((await fixture.lease("pln_2", 9)).length, 1);
        assert.equal((await fixture.lease("pln_2", 9)).length, 0);
        assert.deepEqual(await used(fixture), { "pool:default": "4 of 4" });
        await isKept(fixture, [{ tenantId: null, key: "pool:default", max: 4 }]);
      }),
    );

    test(
      "holds for commands that come at the same time",
      on(async (fixture) => {
        await limit(fixture, "tenant", 2);
        const plans = ["pln_1", "pln_2", "pln_3", "pln_4"];
        for (const id of plans) await fixture.start(id, WIDE);
        const commands = plans.map((id) => fixture.leaseCommand(id, 3));
        const decisions = await Promise.all(commands.map((command) => fixture.accept(command)));
        assert.equal(decisions.flatMap(({ leases }) => leases).length, 2);
        await isKept(fixture, [{ tenantId: "acme", key: "tenant", max: 2 }]);
      }),
    );

    test(
      "of a pool is that of all tenants, any other one a tenant's own",
      on(async (fixture) => {
        const other = fixture.stores.forTenant("other");
        await fixture.start("pln_1", WIDE);
        await fixture.start("pln_2", WIDE, { tenantId: "other" });
        await limit(fixture, "tenant", 1);
        assert.deepEqual(await other.limits(), []);
        assert.equal((await fixture.lease("pln_1", 9)).length, 1);
        await limit(fixture, "pool:default", 3);
        assert.deepEqual(
          (await other.limits()).map(({ key, max }) => [key, max]),
          [["pool:default", 3]],
        );
        const leases = await fixture.accept(fixture.leaseCommand("pln_2", 9), other);
        assert.equal(leases.leases.length, 3);
      }),
    );

    test(
      "of a capability holds for the steps that need it, and no others",
      on(async (fixture) => {
        await limit(fixture, "owner:tool:std.echo", 1);
        const other = tool([], { owner: "std.fail" });
        await fixture.start("pln_1", planOf({ a: [], b: [], c: other }));
        const capabilities = new Set([...SERVED, "tool:std.fail"]);
        const { leases } = await fixture.accept(leaseWith(fixture, "pln_1", capabilities));
        assert.deepEqual(leases.map(({ stepKey }) => stepKey).toSorted(), ["a", "c"]);
      }),
    );

    test(
      "is what the log says that attempts have taken, and nothing else is said there",
      on(async (fixture) => {
        await fixture.start("pln_1", planOf({ a: [], b: [] }));
        await fixture.lease("pln_1");
        await limit(fixture, "tenant", 5);
        await limit(fixture, "pool:default", 5);
        await fixture.lease("pln_1");
        assert.deepEqual(await takes(fixture, "pln_1"), [undefined, ["pool:default", "tenant"]]);
        assert.deepEqual(await fixture.stores.check(), []);
      }),
    );

    test(
      "takes nothing twice when a command comes again",
      on(async (fixture) => {
        await limit(fixture, "tenant", 3);
        await fixture.start("pln_1", WIDE);
        const command = fixture.leaseCommand("pln_1", 2);
        await fixture.accept(command);
        await Promise.all([fixture.accept(command), fixture.accept(command)]);
        assert.deepEqual(await used(fixture), { tenant: "2 of 3" });
        const report = fixture.reportCommand("pln_1", "a");
        await fixture.accept(report);
        await fixture.accept(report);
        assert.deepEqual(await used(fixture), { tenant: "1 of 3" });
        assert.deepEqual(await fixture.stores.check(), []);
      }),
    );

    test(
      "is not touched by a command that is refused, or decided by rules that fail",
      on(async (fixture) => {
        await limit(fixture, "tenant", 3);
        await fixture.start("pln_1", WIDE);
        await fixture.lease("pln_1");
        await fixture.commit(fixture.reportCommand("pln_1", "a", { attempt: 7 }));
        const broken = fixture.store.commit(fixture.leaseCommand("pln_1"), (...given) => {
          const decision = decide(...given);
          const events = decision.events.map((event) => ({ ...event, seq: event.seq + 1 }));
          return { ...decision, events };
        });
        await assert.rejects(broken);
        assert.deepEqual(await used(fixture), { tenant: "1 of 3" });
        assert.equal((await fixture.lease("pln_1", 9)).length, 2);
        assert.deepEqual(await fixture.stores.check(), []);
      }),
    );

    test(
      "gives what one plan has given back to nobody, if that has come to nothing",
      on(async (fixture) => {
        await limit(fixture, "tenant", 1);
        await fixture.start("pln_1", WIDE);
        await fixture.start("pln_2", WIDE);
        await fixture.lease("pln_1");
        const came = await Promise.allSettled([
          fixture.commit(fixture.reportCommand("pln_1", "a")),
          fixture.commit(fixture.leaseCommand("pln_2", 3)),
          fixture.store.commit(fixture.command("plan.pause", { data: {} }), () => {
            throw new Error("a bug");
          }),
        ]);
        assert.deepEqual(
          came.map(({ status }) => status),
          ["fulfilled", "fulfilled", "rejected"],
        );
        assert.deepEqual(await used(fixture), { tenant: "1 of 1" });
        assert.deepEqual(await fixture.stores.check(), []);
        await isKept(fixture, [{ tenantId: "acme", key: "tenant", max: 1 }]);
      }),
    );
  });

  describe("what an attempt has taken", () => {
    const endings: Readonly<Record<string, (fixture: Fixture) => PlanCommand>> = {
      "when it succeeds": (fixture) => fixture.reportCommand("pln_1", "a"),
      "when it fails for good": (fixture) => failing(fixture, CUT),
      "when it fails and is tried again": (fixture) =>
        failing(fixture, { ...CUT, retryable: true }),
      "when it is lost": (fixture) => losing(fixture, "worker-gone"),
      "when its worker lets go of it": (fixture) => losing(fixture, "drained"),
      "when its plan is cancelled": (fixture) =>
        fixture.command("plan.cancel", { data: { mode: "stop" } }),
      "when its plan is finished by hand": (fixture) =>
        fixture.command("plan.finish", { data: { result: "failure" } }),
      "when its step is completed by hand": (fixture) =>
        fixture.command("step.complete", { data: { stepKey: "a", output: 1, note: "done" } }),
    };
    for (const [when, ending] of Object.entries(endings)) {
      test(
        `is given back ${when}`,
        on(async (fixture) => {
          await limit(fixture, "tenant", 1);
          await limit(fixture, "pool:default", 1);
          await limit(fixture, "owner:tool:std.echo", 1);
          await fixture.start("pln_1", planOf({ a: [] }));
          await fixture.start("pln_2", planOf({ a: [] }));
          await fixture.lease("pln_1");
          assert.equal((await fixture.lease("pln_2")).length, 0);
          await fixture.accept(ending(fixture));
          const left = await used(fixture);
          assert.deepEqual([...new Set(Object.values(left))], ["0 of 1"]);
          assert.equal((await fixture.lease("pln_2")).length, 1);
          assert.deepEqual(await fixture.stores.check(), []);
        }),
      );
    }

    test(
      "of a budget stays used, until the budget is raised",
      on(async (fixture) => {
        await limit(fixture, "budget:attempts", 2);
        await fixture.start("pln_1", WIDE);
        await fixture.lease("pln_1", 9);
        await fixture.accept(fixture.reportCommand("pln_1", "a"));
        assert.deepEqual(await used(fixture), { "budget:attempts": "2 of 2" });
        assert.equal((await fixture.lease("pln_1")).length, 0);
        await limit(fixture, "budget:attempts", 3);
        assert.equal((await fixture.lease("pln_1")).length, 1);
        await isKept(fixture, [{ tenantId: "acme", key: "budget:attempts", max: 3 }]);
        assert.deepEqual(await fixture.stores.check(), []);
      }),
    );

    test(
      "is given back although the limit was cleared meanwhile",
      on(async (fixture) => {
        await limit(fixture, "tenant", 2);
        await fixture.start("pln_1", WIDE);
        await fixture.lease("pln_1", 9);
        await fixture.store.changeLimit("tenant", { kind: "clear" });
        assert.deepEqual(await fixture.store.limits(), []);
        assert.equal((await fixture.lease("pln_1")).length, 1);
        await fixture.accept(fixture.reportCommand("pln_1", "a"));
        await limit(fixture, "tenant", 2);
        assert.deepEqual(await used(fixture), { tenant: "1 of 2" });
        assert.deepEqual(await fixture.stores.check(), []);
      }),
    );

    test(
      "it does not take again in the same breath: it is for the first in line",
      on(async (fixture) => {
        await limit(fixture, "pool:default", 1);
        await fixture.start("pln_2", planOf({ a: tool([], { priority: 1 }) }));
        await fixture.start("pln_1", WIDE);
        await fixture.lease("pln_1");
        const { leases } = await fixture.accept(reportAndAsk(fixture, "pln_1", "a"));
        assert.deepEqual(leases, []);
        assert.deepEqual((await ready(fixture.stores)).at(0)?.planId, "pln_2");
      }),
    );

    test(
      "it takes on, where there is room besides",
      on(async (fixture) => {
        await limit(fixture, "pool:default", 2);
        await fixture.start("pln_1", WIDE);
        await fixture.lease("pln_1");
        const { leases } = await fixture.accept(reportAndAsk(fixture, "pln_1", "a"));
        assert.equal(leases.length, 1);
        assert.deepEqual(await used(fixture), { "pool:default": "1 of 2" });
      }),
    );
  });

  describe("a tenant that is stopped", () => {
    test(
      "starts nothing, ends what is under way, and goes on as before when it is started",
      on(async (fixture) => {
        await limit(fixture, "tenant", 2);
        await fixture.start("pln_1", WIDE);
        await fixture.lease("pln_1");
        const { stopped } = await fixture.store.changeLimit("tenant", {
          kind: "stop",
          reason: "it runs wild",
        });
        assert.deepEqual(stopped, { at: fixture.now, reason: "it runs wild" });
        assert.equal((await fixture.lease("pln_1")).length, 0);
        assert.deepEqual(await ready(fixture.stores), []);
        await fixture.accept(fixture.reportCommand("pln_1", "a"));
        await fixture.store.changeLimit("tenant", { kind: "start" });
        assert.equal((await fixture.lease("pln_1", 9)).length, 2);
        assert.deepEqual(await used(fixture), { tenant: "2 of 2" });
      }),
    );

    test(
      "need not have had a limit before, and has none afterwards",
      on(async (fixture) => {
        await fixture.start("pln_1", WIDE);
        await fixture.store.changeLimit("tenant", { kind: "stop", reason: null });
        assert.equal((await fixture.lease("pln_1")).length, 0);
        await fixture.store.changeLimit("tenant", { kind: "start" });
        assert.deepEqual(await fixture.store.limits(), []);
        assert.equal((await fixture.lease("pln_1", 9)).length, 3);
      }),
    );
  });

  describe("work that a limit has no room for", () => {
    for (const key of [
      "pool:default",
      "tenant",
      "owner:tool:std.echo",
      "budget:attempts",
    ] as const) {
      test(
        `is not due to anybody until there is room (${key})`,
        on(async (fixture) => {
          await fixture.start("pln_1", planOf({ a: [] }));
          await limit(fixture, key, 0);
          assert.deepEqual(await ready(fixture.stores), []);
          await limit(fixture, key, 1);
          assert.equal((await ready(fixture.stores)).length, 1);
        }),
      );
    }

    test(
      "is due as soon as somebody has given back",
      on(async (fixture) => {
        await limit(fixture, "pool:default", 1);
        await fixture.start("pln_1", planOf({ a: [] }));
        await fixture.start("pln_2", planOf({ a: [] }));
        await fixture.lease("pln_1");
        assert.deepEqual(await ready(fixture.stores), []);
        await fixture.accept(fixture.reportCommand("pln_1", "a"));
        assert.deepEqual(
          (await ready(fixture.stores)).map(({ planId }) => planId),
          ["pln_2"],
        );
      }),
    );

    test(
      "does not hold up that of other tenants and other pools",
      on(async (fixture) => {
        await fixture.start("pln_1", planOf({ a: [], b: tool([], { pool: "gpu" }) }));
        await fixture.start("pln_2", planOf({ a: [] }), { tenantId: "other" });
        await limit(fixture, "pool:gpu", 0);
        assert.deepEqual(
          (await ready(fixture.stores)).map(({ lane, planId }) => `${planId} ${lane.pool}`),
          ["pln_1 default", "pln_2 default"],
        );
        await limit(fixture, "tenant", 0);
        assert.deepEqual(
          (await ready(fixture.stores)).map(({ planId }) => planId),
          ["pln_2"],
        );
      }),
    );
  });

  describe("limits", () => {
    test(
      "are what was last said of them, by key",
      on(async (fixture) => {
        assert.deepEqual(await fixture.store.limits(), []);
        await limit(fixture, "tenant", 5);
        await limit(fixture, "pool:gpu", 7);
        const { store } = fixture;
        assert.deepEqual(await store.changeLimit("tenant", { kind: "set", max: 6 }), {
          key: "tenant",
          max: 6,
          used: 0,
          stopped: null,
        });
        assert.deepEqual(
          (await store.limits()).map(({ key, max }) => [key, max]),
          [
            ["pool:gpu", 7],
            ["tenant", 6],
          ],
        );
      }),
    );

    test(
      "are whole numbers from 0 on, and stay as they are where they are not",
      on(async (fixture) => {
        await limit(fixture, "tenant", 5);
        for (const max of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
          await assert.rejects(
            limit(fixture, "tenant", max),
            /a maximum is a whole number from 0 on/,
          );
        }
        assert.deepEqual(await used(fixture), { tenant: "0 of 5" });
      }),
    );
  });
};

async function limit(fixture: Fixture, key: LimitKey, max: number): Promise<void> {
  await fixture.store.changeLimit(key, { kind: "set", max });
}

async function used(fixture: Fixture): Promise<Record<string, string>> {
  const limits = await fixture.store.limits();
  return Object.fromEntries(limits.map(({ key, used: count, max }) => [key, `${count} of ${max}`]));
}

async function takes(fixture: Fixture, planId: string): Promise<unknown[]> {
  const events = await fixture.store.events(planId);
  return events.flatMap((event) => (event.type === "attempt.started" ? [event.data.takes] : []));
}

/** Held against all logs in the order of their commits. */
async function isKept(fixture: Fixture, limits: readonly SharedCap[]): Promise<void> {
  const { events } = await fixture.store.feed(null, 1000);
  const texts = new Map<string, Revision>();
  for (const { planId } of events) {
    texts.set(planId, known((await fixture.store.revision(planId, 1)) ?? undefined, planId));
  }
  const textOf = (planId: string): Revision => known(texts.get(planId), planId);
  assert.deepEqual(checkShared([events], { limits, textOf }), []);
}

type Ready = Extract<Due, { why: "ready" }>;

async function ready(stores: Stores): Promise<Ready[]> {
  const now = stores.clock.now();
  const query = { now, limit: 10, pools: ["default", "gpu"], capabilities: SERVED };
  // A fleet knows of a new limit from one look to the next.
  await stores.due(query);
  const { due } = await stores.due(query);
  return due.filter((entry) => entry.why === "ready");
}

function leaseWith(
  fixture: Fixture,
  planId: string,
  capabilities: ReadonlySet<string>,
): PlanCommand {
  const offer = { workerId: WORKER, slots: 9, pools: ["default"], capabilities, idle: true };
  return fixture.command("attempt.lease", { planId, data: { offer } });
}

function reportAndAsk(fixture: Fixture, planId: string, stepKey: string): PlanCommand {
  const offer = {
    workerId: WORKER,
    slots: 1,
    pools: ["default"],
    capabilities: SERVED,
    idle: true,
  };
  return fixture.reportCommand(planId, stepKey, { offer });
}

function failing(fixture: Fixture, error: typeof CUT): PlanCommand {
  return fixture.reportCommand("pln_1", "a", { outcome: { kind: "failed", error } });
}

function losing(fixture: Fixture, reason: "worker-gone" | "drained"): PlanCommand {
  return fixture.command("attempt.lose", { data: { stepKey: "a", attempt: 1, reason } });
}
