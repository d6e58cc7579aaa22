import assert from "node:assert/strict";
import type { Store } from "../../store/store.ts";
import { onStore, planOf, type Fixture } from "./fixture.ts";
import type { ContractPart } from "./suite.ts";

/** What is another tenant's is not there. */
export const tenants: ContractPart = (options) => {
  const { describe, test } = options;
  const on = (body: (fixture: Fixture, other: Store) => Promise<void>): (() => Promise<void>) =>
    onStore(options, (fixture) => body(fixture, fixture.stores.forTenant("other")));

  describe("another tenant's plan", () => {
    test(
      "is refused exactly as one that does not exist",
      on(async (fixture, other) => {
        await fixture.draft("pln_1", planOf({ a: [] }));
        const theirs = await fixture.commit(fixture.command("plan.submit", { data: {} }), other);
        const command = fixture.command("plan.submit", { planId: "pln_none", data: {} });
        const nobodys = await fixture.commit(command, other);
        assert.equal(
          JSON.stringify(theirs).replaceAll("pln_1", "X"),
          JSON.stringify(nobodys).replaceAll("pln_none", "X"),
        );
      }),
    );

    test(
      "cannot be read in any way",
      on(async (fixture, other) => {
        const ask = { do: "human", request: { kind: "input", title: "Which?" } } as const;
        await fixture.start("pln_1", planOf({ a: [], ask }));
        await fixture.lease("pln_1");
        const line = {
          planId: "pln_1",
          stepKey: "a",
          attempt: 1,
          stream: "note",
          text: "x",
          at: 1,
        };
        await fixture.store.appendProgress([{ ...line, stream: "note" }]);
        const [request] = (await fixture.store.requests()).data;
        const own = { tenantId: "other" };
        await fixture.draft("pln_own", planOf({ a: [] }), own);

        assert.equal(await other.read("pln_1", () => true), null);
        assert.deepEqual(await other.events("pln_1"), []);
        assert.equal(await other.revision("pln_1", 1), null);
        assert.deepEqual(await other.steps("pln_1"), []);
        assert.deepEqual(await other.progress({ planId: "pln_1", stepKey: "a" }), []);
        assert.deepEqual((await other.requests()).data, []);
        assert.deepEqual((await other.requests({ planId: "pln_1" })).data, []);
        assert.equal(await other.findPlanOfRequest(request?.id ?? ""), null);
        assert.equal((await other.plans()).data.length, 1);
        assert.deepEqual(
          (await other.feed(null, 10)).events.map(({ planId }) => planId),
          ["pln_own"],
        );
      }),
    );

    test(
      "does not stand in the way of one with the same id",
      on(async (fixture, other) => {
        await fixture.draft("pln_1", planOf({ a: [] }));
        await fixture.draft("pln_1", planOf({ b: [] }), { tenantId: "other" });
        assert.equal(await other.read("pln_1", (plan) => plan.graph.specs.has("b")), true);
        assert.equal(await fixture.store.read("pln_1", (plan) => plan.graph.specs.has("a")), true);
        assert.deepEqual(await fixture.stores.check(), []);
      }),
    );

    test(
      "does not take live output from outside",
      on(async (fixture, other) => {
        await fixture.draft("pln_1", planOf({ a: [] }));
        await fixture.draft("pln_own", planOf({ a: [] }), { tenantId: "other" });
        await other.appendProgress([
          { planId: "pln_1", stepKey: "a", attempt: 1, stream: "note", text: "spoof", at: 1 },
        ]);
        assert.deepEqual(await fixture.store.progress({ planId: "pln_1", stepKey: "a" }), []);
      }),
    );

    test(
      "is not settled a message by others",
      on(async (fixture, other) => {
        const sub = { do: "plan", plan: planOf({ inner: [] }) } as const;
        await fixture.start("pln_1", planOf({ sub }));
        const query = { now: fixture.now, limit: 10, pools: [], capabilities: new Set<string>() };
        const [entry] = (await fixture.stores.due(query)).due;
        const id = entry?.why === "message" ? entry.message.id : "";
        const command = fixture.createCommand("pln_own", planOf({ a: [] }), { tenantId: "other" });
        await other.commit(command, () => ({ ok: true, events: [], leases: [] }), id);
        assert.equal((await fixture.stores.due(query)).due.length, 1);
      }),
    );
  });
};
