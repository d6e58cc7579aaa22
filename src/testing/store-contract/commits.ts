import assert from "node:assert/strict";
import { decide } from "../../core/plan/decide.ts";
import type { Decide, Decision } from "../../core/plan/decision.ts";
import type { PlanEvent } from "../../core/plan/event.ts";
import { counting, onStore, planOf, type Fixture } from "./fixture.ts";
import type { ContractPart } from "./suite.ts";

/** The one door: what is committed stands, whole and once. */
export const commits: ContractPart = (options) => {
  const { describe, test } = options;
  const on = (body: (fixture: Fixture) => Promise<void>): (() => Promise<void>) =>
    onStore(options, body);

  describe("committing", () => {
    test(
      "an accepted command gives its events, and they can be read at once",
      on(async (fixture) => {
        const command = fixture.createCommand("pln_1", planOf({ a: [] }));
        const { events, revision } = await fixture.accept(command);
        assert.deepEqual(
          events.map(({ type }) => type),
          ["plan.created"],
        );
        assert.equal(revision?.number, 1);
        assert.deepEqual(await fixture.store.events("pln_1"), events);
        assert.equal(await fixture.store.read("pln_1", (plan) => plan.version), 1);
      }),
    );

    test(
      "a refused command changes nothing",
      on(async (fixture) => {
        await fixture.draft("pln_1", planOf({ a: [] }));
        const decision = await fixture.commit(fixture.command("plan.start", { data: {} }));
        assert.equal(refusalOf(decision), "not-allowed");
        assert.equal((await fixture.store.events("pln_1")).length, 1);
      }),
    );

    test(
      "a plan that is not there is refused as such, and is not there afterwards",
      on(async (fixture) => {
        const decision = await fixture.commit(fixture.command("plan.submit", { data: {} }));
        assert.equal(refusalOf(decision), "not-found");
        assert.equal(await fixture.store.read("pln_1", () => true), null);
        assert.deepEqual(await fixture.store.plans(), { data: [], nextCursor: null });
      }),
    );

    test(
      "a plan is created once",
      on(async (fixture) => {
        await fixture.draft("pln_1", planOf({ a: [] }));
        const again = await fixture.commit(fixture.createCommand("pln_1", planOf({ b: [] })));
        assert.equal(refusalOf(again), "already-exists");
      }),
    );

    test(
      "a refusal may leave an event, and it is kept",
      on(async (fixture) => {
        await fixture.start("pln_1", planOf({ a: [], b: ["a"] }));
        await fixture.lease("pln_1");
        await fixture.accept(
          fixture.command("attempt.lose", {
            data: { stepKey: "a", attempt: 1, reason: "worker-gone" },
          }),
        );
        const late = await fixture.commit(fixture.reportCommand("pln_1", "a"));
        assert.equal(refusalOf(late), "stale-attempt");
        const last = (await fixture.store.events("pln_1")).at(-1);
        assert.equal(last?.type, "attempt.refused");
        assert.deepEqual(late.events, [last]);
      }),
    );

    test(
      "commands of one plan that come at once are decided one after the other",
      on(async (fixture) => {
        await fixture.start("pln_1", planOf({ a: [], b: [], c: [] }));
        await fixture.lease("pln_1", 3);
        const reports = ["a", "b", "c"].map((key) =>
          fixture.accept(fixture.reportCommand("pln_1", key)),
        );
        await Promise.all(reports);
        const events = await fixture.store.events("pln_1");
        assert.deepEqual(
          events.map(({ seq }) => seq),
          events.map((_, index) => index + 1),
        );
        assert.equal(events.at(-1)?.type, "plan.completed");
      }),
    );

    test(
      "hundreds of commands that come at once are all answered",
      on(async (fixture) => {
        const ids = Array.from({ length: 300 }, (_, index) => `pln_${index}`);
        await Promise.all(ids.map((id) => fixture.draft(id, planOf({ a: [] }))));
        for (const id of ids) {
          assert.equal(await fixture.store.read(id, (plan) => plan.status), "draft");
        }
      }),
    );

    test(
      "what is decided in one wave sees what was decided before it in the same wave",
      on(async (fixture) => {
        const decisions = await Promise.all([
          fixture.commit(fixture.createCommand("pln_1", planOf({ a: [] }))),
          fixture.commit(fixture.command("plan.submit", { data: {} })),
          fixture.commit(fixture.command("plan.start", { data: {} })),
          fixture.commit(fixture.command("plan.start", { data: {} })),
        ]);
        assert.deepEqual(
          decisions.map(({ ok }) => ok),
          [true, true, true, false],
        );
      }),
    );

    test(
      "the commands of a closed store are refused as closed, and those before are answered",
      on(async (fixture) => {
        const before = fixture.commit(fixture.createCommand("pln_1", planOf({ a: [] })));
        await fixture.stores[Symbol.asyncDispose]();
        assert.equal((await before).ok, true);
        const after = fixture.commit(fixture.createCommand("pln_2", planOf({ a: [] })));
        await assert.rejects(after, { name: "StoreFault", code: "closed" });
        await fixture.stores[Symbol.asyncDispose]();
      }),
    );
  });

  describe("a bug in the rules", () => {
    test(
      "a decision that throws rejects its own caller, and nobody else",
      on(async (fixture) => {
        await fixture.draft("pln_1", planOf({ a: [] }));
        const broken = fixture.store.commit(fixture.command("plan.submit", { data: {} }), throwing);
        const other = fixture.commit(fixture.createCommand("pln_2", planOf({ a: [] })));
        await assert.rejects(broken, /a bug/);
        assert.equal((await other).ok, true);
      }),
    );

    test(
      "commands of the same plan before and after it in the wave come to what they should",
      on(async (fixture) => {
        await fixture.draft("pln_1", planOf({ a: [] }));
        const submit = fixture.commit(fixture.command("plan.submit", { data: {} }));
        const broken = fixture.store.commit(fixture.command("plan.start", { data: {} }), throwing);
        const start = fixture.commit(fixture.command("plan.start", { data: {} }));
        await assert.rejects(broken, /a bug/);
        assert.equal((await submit).ok, true);
        assert.equal((await start).ok, true);
        assert.equal(await fixture.store.read("pln_1", (plan) => plan.status), "executing");
        assert.deepEqual(await fixture.stores.check(), []);
      }),
    );

    test(
      "events that do not follow the last one are never stored",
      on(async (fixture) => {
        await fixture.draft("pln_1", planOf({ a: [] }));
        const command = fixture.command("plan.submit", { data: {} });
        await assert.rejects(fixture.store.commit(command, skippingANumber), /is not event 2/);
        assert.equal((await fixture.store.events("pln_1")).length, 1);
        assert.equal(await fixture.store.read("pln_1", (plan) => plan.version), 1);
      }),
    );

    test(
      "a decision is stored whole or not at all: nothing stays of its good half",
      on(async (fixture) => {
        await fixture.draft("pln_1", planOf({ a: [] }));
        const broken = fixture.store.commit(
          fixture.command("plan.submit", { data: {} }),
          repeatingANumber,
        );
        const submit = fixture.commit(fixture.command("plan.submit", { data: {} }));
        await assert.rejects(broken, /is not event 3/);
        assert.equal((await submit).ok, true);
        assert.equal((await fixture.store.events("pln_1")).length, 3);
        assert.deepEqual(await fixture.stores.check(), []);
      }),
    );

    test(
      "a plan without the text that its first event names is never stored",
      on(async (fixture) => {
        const command = fixture.createCommand("pln_1", planOf({ a: [] }));
        await assert.rejects(fixture.store.commit(command, withoutText), /names text 1/);
        assert.equal(await fixture.store.read("pln_1", () => true), null);
      }),
    );

    test(
      "events of which no row can be made reject their own plan's callers, and nobody else",
      on(async (fixture) => {
        await fixture.draft("pln_1", planOf({ a: [] }));
        const broken = fixture.store.commit(
          fixture.command("plan.submit", { data: {} }),
          askingNothing,
        );
        const other = fixture.commit(fixture.createCommand("pln_2", planOf({ a: [] })));
        await assert.rejects(broken, TypeError);
        assert.equal((await other).ok, true);
        assert.equal(await fixture.store.read("pln_1", ({ version }) => version), 1);
        assert.deepEqual(await fixture.stores.check(), []);
      }),
    );

    test(
      "events of another tenant are never stored",
      on(async (fixture) => {
        const command = fixture.createCommand("pln_1", planOf({ a: [] }), { tenantId: "other" });
        await assert.rejects(fixture.commit(command), /tenant other/);
        assert.equal(await fixture.store.read("pln_1", () => true), null);
      }),
    );
  });

  describe("a command that comes again", () => {
    test(
      "leaves its events once and is answered the same",
      on(async (fixture) => {
        const command = fixture.createCommand("pln_1", planOf({ a: [] }));
        const first = await fixture.commit(command);
        const second = await fixture.commit(command);
        assert.deepEqual(second, first);
        assert.deepEqual(await fixture.store.events("pln_1"), first.events);
      }),
    );

    test(
      "in the same wave is decided once as well",
      on(async (fixture) => {
        const { decide: counted, calls } = counting();
        const command = fixture.createCommand("pln_1", planOf({ a: [] }));
        const [first, second] = await Promise.all([
          fixture.store.commit(command, counted),
          fixture.store.commit(command, counted),
        ]);
        assert.equal(calls(), 1);
        assert.deepEqual(second, first);
      }),
    );

    test(
      "gives its first answer though the plan has moved on",
      on(async (fixture) => {
        await fixture.draft("pln_1", planOf({ a: [] }));
        const submit = fixture.command("plan.submit", { data: {} });
        const first = await fixture.commit(submit);
        await fixture.accept(fixture.command("plan.start", { data: {} }));
        assert.deepEqual(await fixture.commit(submit), first);
      }),
    );

    test(
      "gives its refusal again, though it would be accepted by now",
      on(async (fixture) => {
        await fixture.draft("pln_1", planOf({ a: [] }));
        const early = fixture.command("plan.start", { data: {} });
        const first = await fixture.commit(early);
        await fixture.accept(fixture.command("plan.submit", { data: {} }));
        assert.deepEqual(await fixture.commit(early), first);
        assert.equal(await fixture.store.read("pln_1", (plan) => plan.status), "approved");
      }),
    );

    test(
      "gives the events that its refusal left",
      on(async (fixture) => {
        await fixture.start("pln_1", planOf({ a: [], b: ["a"] }));
        await fixture.lease("pln_1");
        const data = { stepKey: "a", attempt: 1, reason: "worker-gone" } as const;
        await fixture.accept(fixture.command("attempt.lose", { data }));
        const late = fixture.reportCommand("pln_1", "a");
        const first = await fixture.commit(late);
        assert.deepEqual(await fixture.commit(late), first);
      }),
    );

    test(
      "carries no leases: they were given once",
      on(async (fixture) => {
        await fixture.start("pln_1", planOf({ a: [] }));
        const lease = fixture.leaseCommand("pln_1");
        const first = await fixture.accept(lease);
        const second = await fixture.accept(lease);
        assert.equal(first.leases.length, 1);
        assert.deepEqual(second.leases, []);
        assert.deepEqual(second.events, first.events);
      }),
    );

    test(
      "carries no leases in the same wave either: two would do the same work",
      on(async (fixture) => {
        await fixture.start("pln_1", planOf({ a: [], b: [] }));
        const lease = fixture.leaseCommand("pln_1");
        const [first, second] = await Promise.all([fixture.accept(lease), fixture.accept(lease)]);
        assert.equal(first.leases.length, 1);
        assert.deepEqual(second.leases, []);
      }),
    );

    test(
      "may come at another time, by another trace and with other chance",
      on(async (fixture) => {
        await fixture.draft("pln_1", planOf({ a: [] }));
        const submit = fixture.command("plan.submit", { id: "cmd_same", data: {} });
        const first = await fixture.commit(submit);
        const again = { ...submit, at: submit.at + 5000, traceparent: "00-0af7-b7ad-01" };
        assert.deepEqual(await fixture.commit(again), first);
      }),
    );

    test(
      "is refused as reused where it is another command",
      on(async (fixture) => {
        await fixture.draft("pln_1", planOf({ a: [] }), { id: "cmd_same" });
        const other = fixture.command("plan.submit", { id: "cmd_same", data: {} });
        assert.equal(refusalOf(await fixture.commit(other)), "command-reused");
        assert.equal((await fixture.store.events("pln_1")).length, 1);
      }),
    );

    test(
      "is refused as reused where it is for another plan",
      on(async (fixture) => {
        await fixture.draft("pln_1", planOf({ a: [] }), { id: "cmd_same" });
        const other = fixture.createCommand("pln_2", planOf({ a: [] }), { id: "cmd_same" });
        assert.equal(refusalOf(await fixture.commit(other)), "command-reused");
        assert.equal(await fixture.store.read("pln_2", () => true), null);
      }),
    );

    test(
      "is refused as reused where it says something else",
      on(async (fixture) => {
        await fixture.draft("pln_1", planOf({ a: [] }), { id: "cmd_same" });
        const other = fixture.createCommand("pln_1", planOf({ b: [] }), { id: "cmd_same" });
        assert.equal(refusalOf(await fixture.commit(other)), "command-reused");
      }),
    );

    test(
      "is refused as reused where somebody else sends it",
      on(async (fixture) => {
        await fixture.draft("pln_1", planOf({ a: [] }));
        const mine = fixture.command("plan.submit", { id: "cmd_same", data: {} });
        await fixture.accept(mine);
        const actor = { kind: "person", id: "bob" } as const;
        const theirs = fixture.command("plan.submit", { id: "cmd_same", actor, data: {} });
        assert.equal(refusalOf(await fixture.commit(theirs)), "command-reused");
      }),
    );

    test(
      "is another one in another tenant",
      on(async (fixture) => {
        await fixture.draft("pln_1", planOf({ a: [] }), { id: "cmd_same" });
        const other = { id: "cmd_same", tenantId: "other" };
        await fixture.draft("pln_1", planOf({ b: [] }), other);
        const keys = await fixture.stores
          .forTenant("other")
          .read("pln_1", (plan) => [...plan.graph.specs.keys()]);
        assert.deepEqual(keys, ["b"]);
      }),
    );

    test(
      "is decided again where it only looked and found nothing to do",
      on(async (fixture) => {
        await fixture.draft("pln_1", planOf({ a: [] }));
        const lease = fixture.leaseCommand("pln_1");
        assert.deepEqual((await fixture.accept(lease)).leases, []);
        await fixture.accept(fixture.command("plan.submit", { data: {} }));
        await fixture.accept(fixture.command("plan.start", { data: {} }));
        assert.equal((await fixture.accept(lease)).leases.length, 1);
      }),
    );
  });
};

const throwing: Decide = () => {
  throw new Error("a bug");
};

const skippingANumber: Decide = (plan, command, pure) => {
  const decision = decide(plan, command, pure);
  const events = decision.events.map((event) => ({ ...event, seq: event.seq + 1 }));
  return { ...decision, events };
};

const repeatingANumber: Decide = (plan, command, pure) => {
  const decision = decide(plan, command, pure);
  const events = decision.events.map((event) => ({ ...event, seq: 2 }));
  return { ...decision, events };
};

const withoutText: Decide = (plan, command, pure) => {
  const { events } = decide(plan, command, pure);
  return { ok: true, events, leases: [] };
};

/** A request whose title is no text. */
const askingNothing: Decide = (plan, command) => {
  const event = {
    id: `${command.planId}/2`,
    seq: 2,
    type: "request.created",
    v: 1,
    time: "2026-01-01T00:00:00.000Z",
    tenantId: plan?.tenantId,
    planId: command.planId,
    actor: command.actor,
    data: { requestId: "req_1", title: 5, dueAt: null },
  };
  const events: PlanEvent[] = JSON.parse(JSON.stringify([event]));
  return { ok: true, events, leases: [] };
};

function refusalOf(decision: Decision): string {
  return decision.ok ? "accepted" : decision.refusal.code;
}
