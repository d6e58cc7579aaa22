import assert from "node:assert/strict";
import type { StepDocument } from "../../core/plan/document.ts";
import { onStore, planOf, type Fixture } from "./fixture.ts";
import type { ContractPart } from "./suite.ts";

const ASK: StepDocument = {
  do: "human",
  request: { kind: "approval", title: "Go on?", assignees: ["role:editor"], due: "1h" },
};

/** Rows: what lists show, always as new as the last answer. */
export const lists: ContractPart = (options) => {
  const { describe, test } = options;
  const on = (body: (fixture: Fixture) => Promise<void>): (() => Promise<void>) =>
    onStore(options, body);

  describe("the list of plans", () => {
    test(
      "shows the newest first",
      on(async (fixture) => {
        for (const id of ["pln_b", "pln_a", "pln_c"]) await fixture.draft(id, planOf({ a: [] }));
        assert.deepEqual(await planIds(fixture), ["pln_c", "pln_a", "pln_b"]);
      }),
    );

    test(
      "says of each plan what there is to say",
      on(async (fixture) => {
        await fixture.start("pln_1", planOf({ a: [], b: ["a"], ask: ASK }));
        fixture.pass(1000);
        await fixture.lease("pln_1");
        const { data } = await fixture.store.plans();
        const [row] = data;
        assert.equal(row?.tenantId, "acme");
        assert.equal(row?.name, "Contract");
        assert.equal(row?.status, "executing");
        assert.equal(row?.condition, "running");
        assert.equal(row?.stepCount, 3);
        assert.equal(row?.counts.running, 1);
        assert.equal(row?.counts.waiting, 1);
        assert.equal(row?.counts.pending, 1);
        assert.equal(row?.openRequests, 1);
        assert.equal(row?.partial, false);
        assert.equal(row?.revision, 1);
        assert.equal(row?.startedAt, fixture.now - 1000);
        assert.equal(row?.updatedAt, fixture.now);
        assert.equal(row?.endedAt, null);
        assert.equal(row?.version, await fixture.store.read("pln_1", ({ version }) => version));
        assert.equal(
          row?.digest,
          await fixture.store.read("pln_1", ({ revision }) => revision.digest),
        );
      }),
    );

    test(
      "is as new as the last answer",
      on(async (fixture) => {
        await fixture.start("pln_1", planOf({ a: [] }));
        await fixture.lease("pln_1");
        await fixture.accept(fixture.reportCommand("pln_1", "a"));
        const [row] = (await fixture.store.plans()).data;
        assert.equal(row?.status, "completed");
        assert.equal(row?.condition, null);
        assert.equal(row?.endedAt, fixture.now);
      }),
    );

    test(
      "comes in pages that show every plan once",
      on(async (fixture) => {
        const ids = Array.from({ length: 7 }, (_, index) => `pln_${index}`);
        for (const id of ids) await fixture.draft(id, planOf({ a: [] }));
        const seen: string[] = [];
        let cursor: string | null = null;
        do {
          const page = await fixture.store.plans({
            limit: 3,
            ...(cursor === null ? {} : { cursor }),
          });
          seen.push(...page.data.map(({ id }) => id));
          cursor = page.nextCursor;
        } while (cursor !== null);
        assert.deepEqual(seen, ids.toReversed());
      }),
    );

    test(
      "has no next page where a page is just full",
      on(async (fixture) => {
        for (const id of ["pln_1", "pln_2"]) await fixture.draft(id, planOf({ a: [] }));
        assert.equal((await fixture.store.plans({ limit: 2 })).nextCursor, null);
      }),
    );

    test(
      "shows those of some statuses, still the newest first",
      on(async (fixture) => {
        await fixture.draft("pln_1", planOf({ a: [] }));
        await fixture.start("pln_2", planOf({ a: [] }));
        await fixture.draft("pln_3", planOf({ a: [] }));
        await fixture.accept(
          fixture.command("plan.cancel", { planId: "pln_3", data: { mode: "stop" } }),
        );
        assert.deepEqual(await planIds(fixture, { status: ["draft"] }), ["pln_1"]);
        assert.deepEqual(await planIds(fixture, { status: ["draft", "cancelled"] }), [
          "pln_3",
          "pln_1",
        ]);
        assert.deepEqual(await planIds(fixture, { status: ["failed"] }), []);
        assert.deepEqual(await planIds(fixture, { status: [] }), []);
        const first = await fixture.store.plans({
          status: ["draft", "executing", "cancelled"],
          limit: 2,
        });
        assert.deepEqual(
          first.data.map(({ id }) => id),
          ["pln_3", "pln_2"],
        );
        assert.notEqual(first.nextCursor, null);
      }),
    );

    test(
      "shows the sub-plans of a plan, or none of them",
      on(async (fixture) => {
        await fixture.draft("pln_1", planOf({ a: [] }));
        await fixture.draft("pln_2", planOf({ a: [] }), { parent: "pln_1" });
        assert.deepEqual(await planIds(fixture, { parentPlanId: "pln_1" }), ["pln_2"]);
        assert.deepEqual(await planIds(fixture, { parentPlanId: null }), ["pln_1"]);
        const drafts = { status: ["draft"], parentPlanId: "pln_1" } as const;
        assert.deepEqual(await planIds(fixture, drafts), ["pln_2"]);
        const roots = { status: ["draft"], parentPlanId: null } as const;
        assert.deepEqual(await planIds(fixture, roots), ["pln_1"]);
      }),
    );

    test(
      "refuses a cursor that no store gave",
      on(async (fixture) => {
        await fixture.draft("pln_1", planOf({ a: [] }));
        await assert.rejects(fixture.store.plans({ cursor: "pln_1" }), { code: "bad-cursor" });
        await assert.rejects(fixture.store.requests({ cursor: "x" }), { code: "bad-cursor" });
      }),
    );
  });

  describe("the list of steps", () => {
    test(
      "shows what something has happened to, in the order in which it first did",
      on(async (fixture) => {
        await fixture.start("pln_1", planOf({ z: [], a: [], later: ["z"] }));
        assert.deepEqual(await stepStatuses(fixture), ["z ready", "a ready"]);
        await fixture.lease("pln_1", 2);
        await fixture.accept(fixture.reportCommand("pln_1", "z"));
        assert.deepEqual(await stepStatuses(fixture), ["z succeeded", "a running", "later ready"]);
      }),
    );

    test(
      "names the worker while a step runs, and its attempt ever after",
      on(async (fixture) => {
        await fixture.start("pln_1", planOf({ a: [] }));
        await fixture.lease("pln_1", 1, "wrk_x");
        assert.equal((await fixture.store.steps("pln_1"))[0]?.workerId, "wrk_x");
        await fixture.accept(fixture.reportCommand("pln_1", "a", { workerId: "wrk_x" }));
        const [row] = await fixture.store.steps("pln_1");
        assert.equal(row?.workerId, null);
        assert.equal(row?.attempt, 1);
        assert.equal(row?.since, fixture.now);
      }),
    );
  });

  describe("the list of requests", () => {
    test(
      "shows who has waited longest first, with all that is asked",
      on(async (fixture) => {
        await fixture.start("pln_1", planOf({ ask: ASK }));
        fixture.pass(1000);
        await fixture.start("pln_2", planOf({ ask: ASK }));
        const { data } = await fixture.store.requests();
        assert.deepEqual(
          data.map(({ planId }) => planId),
          ["pln_1", "pln_2"],
        );
        const [row] = data;
        assert.equal(row?.stepKey, "ask");
        assert.equal(row?.status, "open");
        assert.equal(row?.kind, "approval");
        assert.equal(row?.title, "Go on?");
        assert.equal(row?.reason, null);
        assert.deepEqual(row?.assignees, ["role:editor"]);
        assert.equal(row?.createdAt, fixture.now - 1000);
        assert.equal(row?.dueAt, fixture.now - 1000 + 3_600_000);
      }),
    );

    test(
      "shows those of a status, of a plan, and in pages",
      on(async (fixture) => {
        await fixture.start("pln_1", planOf({ ask: ASK, more: ASK }));
        await fixture.start("pln_2", planOf({ ask: ASK }));
        const [first] = (await fixture.store.requests()).data;
        await answer(fixture, "pln_1", first?.id ?? "");
        assert.equal((await fixture.store.requests({ status: ["open"] })).data.length, 2);
        assert.equal((await fixture.store.requests({ status: ["decided"] })).data.length, 1);
        assert.equal((await fixture.store.requests({ planId: "pln_1" })).data.length, 2);
        const both = { planId: "pln_1", status: ["open"] } as const;
        assert.equal((await fixture.store.requests(both)).data.length, 1);
        const page = await fixture.store.requests({ limit: 2 });
        assert.equal(page.data.length, 2);
        const rest = await fixture.store.requests({ limit: 2, cursor: page.nextCursor ?? "" });
        assert.deepEqual(
          rest.data.map(({ planId }) => planId),
          ["pln_2"],
        );
        assert.equal(rest.nextCursor, null);
      }),
    );

    test(
      "tells the plan of a request",
      on(async (fixture) => {
        await fixture.start("pln_1", planOf({ ask: ASK }));
        const [row] = (await fixture.store.requests()).data;
        assert.equal(await fixture.store.findPlanOfRequest(row?.id ?? ""), "pln_1");
        assert.equal(await fixture.store.findPlanOfRequest("req_none"), null);
      }),
    );
  });
};

async function planIds(
  fixture: Fixture,
  query: Parameters<Fixture["store"]["plans"]>[0] = {},
): Promise<string[]> {
  return (await fixture.store.plans(query)).data.map(({ id }) => id);
}

async function stepStatuses(fixture: Fixture): Promise<string[]> {
  const rows = await fixture.store.steps("pln_1");
  return rows.map(({ stepKey, status }) => `${stepKey} ${status}`);
}

async function answer(fixture: Fixture, planId: string, requestId: string): Promise<void> {
  const data = { requestId, answer: { approved: true } };
  await fixture.accept(fixture.command("request.decide", { planId, data }));
}
