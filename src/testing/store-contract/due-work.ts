import assert from "node:assert/strict";
import { decide } from "../../core/plan/decide.ts";
import type { PlanDocument, StepDocument } from "../../core/plan/document.ts";
import type { Due, DuePage, DueQuery } from "../../store/store.ts";
import { onStore, planOf, SERVED, tool, type Fixture } from "./fixture.ts";
import type { ContractPart } from "./suite.ts";

const PAUSE: StepDocument = { do: "wait", wait: { for: "10m" } };
/** How far a clock can be ahead, and a time before it says so. */
const AHEAD_MS = 3_600_000;
const AT = "2026-01-01T00:20:00Z";
const URGENT = tool([], { priority: 2 });
const SUB: StepDocument = { do: "plan", plan: planOf({ inner: [] }) };

/** What somebody should look at, and when. */
export const dueWork: ContractPart = (options) => {
  const { describe, test } = options;
  const on = (body: (fixture: Fixture) => Promise<void>): (() => Promise<void>) =>
    onStore(options, body);

  describe("ready work", () => {
    test(
      "is due to whoever serves its pool and its capability",
      on(async (fixture) => {
        await fixture.start("pln_1", planOf({ a: [] }));
        const { due } = await ask(fixture);
        assert.deepEqual(due, [
          {
            tenantId: "acme",
            planId: "pln_1",
            at: fixture.now,
            why: "ready",
            lane: { pool: "default", capability: "tool:std.echo", alone: false },
            priority: 0,
          },
        ]);
        assert.deepEqual((await ask(fixture, { pools: ["gpu"] })).due, []);
        assert.deepEqual((await ask(fixture, { capabilities: new Set(["agent"]) })).due, []);
        assert.deepEqual((await ask(fixture, { timersOnly: true })).due, []);
      }),
    );

    test(
      "is due once for a plan and a lane, however many steps stand in it",
      on(async (fixture) => {
        await fixture.start("pln_1", planOf({ a: [], b: [], c: [] }));
        assert.equal((await ask(fixture)).due.length, 1);
      }),
    );

    test(
      "is due no more when all of it has been leased",
      on(async (fixture) => {
        await fixture.start("pln_1", planOf({ a: [], b: [] }));
        await fixture.lease("pln_1");
        assert.equal((await ask(fixture)).due.length, 1);
        await fixture.lease("pln_1");
        assert.deepEqual((await ask(fixture)).due, []);
      }),
    );

    test(
      "is not due while the plan may not start any more of it",
      on(async (fixture) => {
        await fixture.start("pln_1", planOf({ a: [], b: [] }, { concurrency: 1 }));
        await fixture.lease("pln_1", 2);
        assert.deepEqual((await ask(fixture)).due, []);
        await fixture.accept(fixture.reportCommand("pln_1", "a"));
        assert.equal((await ask(fixture)).due.length, 1);
        await fixture.accept(fixture.command("plan.pause", { data: {} }));
        assert.deepEqual((await ask(fixture)).due, []);
      }),
    );

    test(
      "comes by priority, and within one by time",
      on(async (fixture) => {
        await fixture.start("pln_old", planOf({ a: [] }));
        fixture.pass(1000);
        await fixture.start("pln_new", planOf({ a: [] }));
        await fixture.start("pln_urgent", planOf({ a: tool([], { priority: 9 }) }));
        assert.deepEqual(
          (await ask(fixture)).due.map(({ planId }) => planId),
          ["pln_urgent", "pln_old", "pln_new"],
        );
      }),
    );

    test(
      "has the priority of the first in its line, as that changes",
      on(async (fixture) => {
        await fixture.start("pln_1", planOf({ a: tool([], { priority: 9 }), b: [] }));
        assert.deepEqual(await priorities(fixture), [9]);
        await fixture.lease("pln_1");
        assert.deepEqual(await priorities(fixture), [0]);
      }),
    );

    test(
      "is told up to the limit, and never starves timers and messages",
      on(async (fixture) => {
        for (const id of ["pln_1", "pln_2", "pln_3"]) {
          await fixture.start(id, planOf({ a: tool([], { priority: 9 }), pause: PAUSE, sub: SUB }));
        }
        fixture.pass(600_000);
        const { due } = await ask(fixture, { limit: 2 });
        assert.deepEqual(countBy(due), { timer: 2, message: 2, ready: 2 });
        assert.equal(due.at(-1)?.why, "ready");
      }),
    );

    test(
      "that waits for its backoff is due when that is over",
      on(async (fixture) => {
        await fixture.start("pln_1", planOf({ a: [] }, { retry: { first: "1m", attempts: 3 } }));
        await fixture.lease("pln_1");
        const error = { code: "broken", message: "it broke", retryable: true };
        const outcome = { kind: "failed", error } as const;
        await fixture.accept(fixture.reportCommand("pln_1", "a", { outcome }));
        const { due, nextAt } = await ask(fixture);
        assert.deepEqual(due, []);
        assert.ok(nextAt !== null && nextAt > fixture.now, `nextAt is ${nextAt}`);
        fixture.pass(nextAt - fixture.now);
        assert.equal((await ask(fixture)).due.length, 1);
      }),
    );

    test(
      "that may start at once is due at once, after a clock that was ahead has been set back",
      on(async (fixture) => {
        fixture.pass(AHEAD_MS);
        await fixture.start("pln_1", planOf({ a: [], b: URGENT }));
        fixture.pass(-AHEAD_MS);
        const [entry, ...others] = (await ask(fixture)).due;
        assert.deepEqual([entry?.why, others], ["ready", []]);
        assert.equal((await ask(fixture)).nextAt, null);
        const leases = await fixture.lease("pln_1");
        assert.deepEqual(
          leases.map(({ stepKey }) => stepKey),
          ["b"],
        );
        await fixture.accept(fixture.reportCommand("pln_1", "b"));
        assert.equal((await ask(fixture)).due.length, 1);
        assert.deepEqual(await fixture.stores.check(), []);
      }),
    );

    test(
      "that waits for a time is due at that time, after a clock that was ahead has been set back",
      on(async (fixture) => {
        await fixture.start("pln_1", planOf({ a: tool([], { at: AT }), b: URGENT }));
        fixture.pass(AHEAD_MS / 2);
        await fixture.lease("pln_1");
        fixture.pass(-AHEAD_MS / 2);
        assert.deepEqual(await ask(fixture), { due: [], nextAt: Date.parse(AT) });
        fixture.pass(Date.parse(AT) - fixture.now);
        assert.equal((await ask(fixture)).due.length, 1);
      }),
    );

    test(
      "is due at once when something joins those in its lane that wait for a time",
      on(async (fixture) => {
        await fixture.start(
          "pln_1",
          planOf({ a: tool([], { at: AT }), pause: PAUSE, b: ["pause"] }),
        );
        fixture.pass(AHEAD_MS * 3);
        await fixture.accept(fixture.command("timer.fire", { data: { stepKey: "pause" } }));
        fixture.pass(-AHEAD_MS * 3);
        assert.equal((await ask(fixture)).due.length, 1);
        await fixture.accept(fixture.command("step.skip", { data: { stepKey: "b", reason: "" } }));
        assert.deepEqual((await ask(fixture)).due, []);
      }),
    );

    test(
      "of many tenants is told in turn: who has much waiting keeps nobody waiting",
      on(async (fixture) => {
        for (const id of ["pln_1", "pln_2", "pln_3"]) await fixture.start(id, planOf({ a: [] }));
        fixture.pass(1000);
        await fixture.start("pln_late", planOf({ a: [] }), { tenantId: "other" });
        await fixture.start("pln_last", planOf({ a: [] }), { tenantId: "third" });
        const turns = ["pln_1", "pln_late", "pln_last", "pln_2", "pln_3"];
        assert.deepEqual(await planIds(fixture), turns);
        assert.deepEqual(await planIds(fixture, { limit: 2 }), turns.slice(0, 2));
        assert.deepEqual(await planIds(fixture, { limit: 4 }), turns.slice(0, 4));
      }),
    );

    test(
      "of many tenants is told by priority within a turn, and never by it before one's turn",
      on(async (fixture) => {
        const other = { tenantId: "other" };
        await fixture.start("pln_1", planOf({ a: [] }));
        await fixture.start("pln_2", planOf({ a: tool([], { priority: 1 }) }));
        await fixture.start("pln_high", planOf({ a: tool([], { priority: 9 }) }), other);
        await fixture.start("pln_higher", planOf({ a: tool([], { priority: 8 }) }), other);
        assert.deepEqual(await planIds(fixture), ["pln_high", "pln_2", "pln_higher", "pln_1"]);
      }),
    );

    test(
      "of all tenants is told, each by its own",
      on(async (fixture) => {
        await fixture.start("pln_1", planOf({ a: [] }));
        await fixture.start("pln_1", planOf({ a: [] }), { tenantId: "other" });
        assert.deepEqual((await ask(fixture)).due.map(({ tenantId }) => tenantId).toSorted(), [
          "acme",
          "other",
        ]);
      }),
    );
  });

  describe("timers", () => {
    test(
      "are due at their time, whoever asks, and gone when they have fired",
      on(async (fixture) => {
        await fixture.start("pln_1", planOf({ pause: PAUSE }));
        const before = await ask(fixture, { pools: [], timersOnly: true });
        assert.deepEqual(before, { due: [], nextAt: fixture.now + 600_000 });
        fixture.pass(600_000);
        const { due, nextAt } = await ask(fixture, { pools: [], timersOnly: true });
        const timer = { why: "timer", stepKey: "pause", at: fixture.now } as const;
        assert.deepEqual(due, [{ tenantId: "acme", planId: "pln_1", ...timer }]);
        assert.equal(nextAt, null);
        await fixture.accept(fixture.command("timer.fire", { data: { stepKey: "pause" } }));
        assert.deepEqual((await ask(fixture)).due, []);
      }),
    );

    test(
      "set by a clock that was ahead are late, and none is early, when that has been set back",
      on(async (fixture) => {
        fixture.pass(AHEAD_MS);
        await fixture.start("pln_1", planOf({ pause: PAUSE }));
        fixture.pass(-AHEAD_MS);
        const at = fixture.now + AHEAD_MS + 600_000;
        fixture.pass(600_000);
        assert.deepEqual(await ask(fixture), { due: [], nextAt: at });
        fixture.pass(AHEAD_MS);
        assert.equal((await ask(fixture)).due.length, 1);
      }),
    );

    test(
      "of the plan itself name no step",
      on(async (fixture) => {
        await fixture.start("pln_1", planOf({ a: [] }, { budget: { wall: "1h" } }));
        await fixture.lease("pln_1");
        fixture.pass(3_600_000);
        const [entry] = (await ask(fixture)).due;
        assert.equal(entry?.why === "timer" ? entry.stepKey : "none", null);
      }),
    );

    test(
      "of an ended plan are gone",
      on(async (fixture) => {
        await fixture.start("pln_1", planOf({ pause: PAUSE }));
        await fixture.accept(fixture.command("plan.cancel", { data: { mode: "stop" } }));
        assert.deepEqual(await ask(fixture), { due: [], nextAt: null });
      }),
    );
  });

  describe("messages between plans", () => {
    test(
      "are due from the commit that left them until one settles them",
      on(async (fixture) => {
        await fixture.start("pln_1", planOf({ sub: SUB }));
        const message = await onlyMessage(fixture);
        assert.equal(message.kind, "start");
        assert.equal(message.from, "pln_1");
        assert.equal(message.stepKey, "sub");
        const create = fixture.createCommand(message.to, planOf({ inner: [] }), {
          parent: "pln_1",
        });
        const decision = await fixture.store.commit(create, decide, message.id);
        assert.equal(decision.ok, true);
        assert.deepEqual((await ask(fixture)).due, []);
      }),
    );

    test(
      "are due at once, after a clock that was ahead has been set back",
      on(async (fixture) => {
        fixture.pass(AHEAD_MS);
        await fixture.start("pln_1", planOf({ sub: SUB }));
        fixture.pass(-AHEAD_MS);
        assert.equal((await messages(fixture)).length, 1);
        assert.equal((await ask(fixture)).nextAt, null);
      }),
    );

    test(
      "are settled by a refusal too: it has been heard",
      on(async (fixture) => {
        await fixture.start("pln_1", planOf({ sub: SUB }));
        const message = await onlyMessage(fixture);
        const submit = fixture.command("plan.submit", { planId: message.to, data: {} });
        const decision = await fixture.store.commit(submit, decide, message.id);
        assert.equal(decision.ok, false);
        assert.deepEqual((await ask(fixture)).due, []);
      }),
    );

    test(
      "are settled by a command that had come before",
      on(async (fixture) => {
        await fixture.start("pln_1", planOf({ sub: SUB }));
        const message = await onlyMessage(fixture);
        const create = fixture.createCommand(message.to, subDocument(), { parent: "pln_1" });
        await fixture.commit(create);
        assert.equal((await messages(fixture)).length, 1);
        await fixture.store.commit(create, decide, message.id);
        assert.equal((await messages(fixture)).length, 0);
      }),
    );

    test(
      "are not settled by a decision that never came to be",
      on(async (fixture) => {
        await fixture.start("pln_1", planOf({ sub: SUB }));
        const message = await onlyMessage(fixture);
        const create = fixture.createCommand(message.to, subDocument(), { parent: "pln_1" });
        const broken = fixture.store.commit(
          create,
          () => {
            throw new Error("a bug");
          },
          message.id,
        );
        await assert.rejects(broken, /a bug/);
        assert.equal((await messages(fixture)).length, 1);
      }),
    );
  });
};

function ask(fixture: Fixture, query: Partial<DueQuery> = {}): Promise<DuePage> {
  const everything = { now: fixture.now, limit: 100, pools: ["default"], capabilities: SERVED };
  return fixture.stores.due({ ...everything, ...query });
}

type DueMessage = Extract<Due, { why: "message" }>["message"];

async function messages(fixture: Fixture): Promise<DueMessage[]> {
  const { due } = await ask(fixture);
  return due.flatMap((entry) => (entry.why === "message" ? [entry.message] : []));
}

async function onlyMessage(fixture: Fixture): Promise<DueMessage> {
  const [message, ...others] = await messages(fixture);
  assert.deepEqual(others, []);
  if (message === undefined) throw new Error("no message is due");
  return message;
}

async function planIds(fixture: Fixture, query: Partial<DueQuery> = {}): Promise<string[]> {
  return (await ask(fixture, query)).due.map(({ planId }) => planId);
}

async function priorities(fixture: Fixture): Promise<number[]> {
  const { due } = await ask(fixture);
  return due.flatMap((entry) => (entry.why === "ready" ? [entry.priority] : []));
}

function subDocument(): PlanDocument {
  return planOf({ inner: [] });
}

function countBy(due: readonly Due[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { why } of due) counts[why] = (counts[why] ?? 0) + 1;
  return counts;
}
