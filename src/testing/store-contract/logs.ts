import assert from "node:assert/strict";
import { canonicalJson } from "../../core/canonical-json.ts";
import type { Json } from "../../core/json.ts";
import { fold } from "../../core/plan/evolve.ts";
import { CONTRACT_PURE } from "./contract-pure.ts";
import { onStore, planOf, type Fixture } from "./fixture.ts";
import type { ContractPart } from "./suite.ts";

/** Texts that databases and encodings are known to change. */
const HARD_TEXTS = [
  "plain",
  "Grüße, 世界, 🌍",
  "a\u2028b\u2029c",
  'tab\t, line\n, quote", back\\slash',
  "nul\u0000inside",
  "lone \ud800 surrogate",
  "'; drop table events; --",
];

/** The truth: events, their chain, and the feed of all of them. */
export const logs: ContractPart = (options) => {
  const { describe, test } = options;
  const on = (body: (fixture: Fixture) => Promise<void>): (() => Promise<void>) =>
    onStore(options, body);

  describe("the log of a plan", () => {
    test(
      "is numbered from 1 without gaps, and can be read from any number on",
      on(async (fixture) => {
        await fixture.start("pln_1", planOf({ a: [], b: ["a"] }));
        const all = await fixture.store.events("pln_1");
        assert.deepEqual(
          all.map(({ id }) => id),
          all.map((_, index) => `pln_1/${index + 1}`),
        );
        assert.deepEqual(await fixture.store.events("pln_1", { after: 2 }), all.slice(2));
        const two = await fixture.store.events("pln_1", { after: 1, limit: 2 });
        assert.deepEqual(two, all.slice(1, 3));
        assert.deepEqual(await fixture.store.events("pln_1", { after: all.length }), []);
      }),
    );

    test(
      "is empty where there is no plan",
      on(async (fixture) => {
        assert.deepEqual(await fixture.store.events("pln_none"), []);
        assert.deepEqual(await fixture.store.chain("pln_none"), []);
        assert.equal(await fixture.store.revision("pln_none", 1), null);
      }),
    );

    test(
      "is chained: each hash is made of the one before it and the event's canonical text",
      on(async (fixture) => {
        await fixture.start("pln_1", planOf({ a: [] }));
        let previous = "";
        const chain = await fixture.store.chain("pln_1");
        assert.equal(chain.length, 5);
        for (const { event, hash } of chain) {
          previous = CONTRACT_PURE.digest(previous + canonicalJson(jsonOf(event)));
          assert.equal(hash, previous);
        }
        assert.deepEqual(
          chain.map(({ event }) => event),
          await fixture.store.events("pln_1"),
        );
      }),
    );

    test(
      "goes on with the chain after the plan has left the memory",
      onStore(
        options,
        async (fixture) => {
          await fixture.start("pln_1", planOf({ a: [] }));
          await fixture.start("pln_2", planOf({ a: [] }));
          await fixture.lease("pln_1");
          await fixture.accept(fixture.reportCommand("pln_1", "a"));
          assert.deepEqual(await fixture.stores.check(), []);
        },
        { activeMax: 0, idleMax: 0 },
      ),
    );

    for (const text of HARD_TEXTS) {
      test(
        `gives back ${JSON.stringify(text)} as it was`,
        on(async (fixture) => {
          await fixture.start("pln_1", planOf({ a: [] }));
          await fixture.lease("pln_1");
          const output = { text, [text]: [text] };
          await fixture.accept(fixture.reportCommand("pln_1", "a", { output }));
          const event = (await fixture.store.events("pln_1")).find(
            ({ type }) => type === "step.succeeded",
          );
          assert.deepEqual(event?.data, jsonOf({ ...event?.data, output }));
          assert.deepEqual(await fixture.stores.check(), []);
        }),
      );
    }

    test(
      "gives back large values whole",
      on(async (fixture) => {
        const output = { text: "x".repeat(60_000) };
        await fixture.start("pln_1", planOf({ a: [] }));
        await fixture.lease("pln_1");
        await fixture.accept(fixture.reportCommand("pln_1", "a", { output }));
        const step = await fixture.store.read("pln_1", (plan) => plan.steps.get("a"));
        assert.deepEqual(step?.status === "succeeded" ? step.output : null, output);
      }),
    );

    test(
      "keeps the text of each revision",
      on(async (fixture) => {
        const document = planOf({ a: [], b: ["a"] });
        await fixture.draft("pln_1", document);
        const revision = await fixture.store.revision("pln_1", 1);
        assert.deepEqual(revision?.document, document);
        assert.equal(await fixture.store.revision("pln_1", 2), null);
      }),
    );
  });

  describe("a plan that is read", () => {
    test(
      "is what its events add up to",
      on(async (fixture) => {
        await fixture.start("pln_1", planOf({ a: [], b: ["a"] }));
        await fixture.lease("pln_1");
        await fixture.accept(fixture.reportCommand("pln_1", "a"));
        const revision = await fixture.store.revision("pln_1", 1);
        if (revision === null) throw new Error("no revision");
        const folded = fold(await fixture.store.events("pln_1"), () => revision);
        await fixture.store.read("pln_1", (plan) => {
          assert.deepEqual([...plan.steps.entries()], [...(folded?.steps.entries() ?? [])]);
          assert.deepEqual(plan.counts, folded?.counts);
          assert.equal(plan.version, folded?.version);
        });
      }),
    );

    test(
      "is null where there is none, and nobody looks",
      on(async (fixture) => {
        const seen = await fixture.store.read("pln_none", () => assert.fail("looked at nothing"));
        assert.equal(seen, null);
      }),
    );

    test(
      "passes on what goes wrong in looking",
      on(async (fixture) => {
        await fixture.draft("pln_1", planOf({ a: [] }));
        await assert.rejects(fixture.store.read("pln_1", lookWrong), RangeError);
      }),
    );
  });

  describe("the feed", () => {
    test(
      "tells the events of all plans in the order of their commits",
      on(async (fixture) => {
        await fixture.draft("pln_1", planOf({ a: [] }));
        await fixture.draft("pln_2", planOf({ a: [] }));
        await fixture.accept(fixture.command("plan.submit", { planId: "pln_1", data: {} }));
        const { events } = await fixture.store.feed(null, 100);
        assert.deepEqual(
          events.map(({ id }) => id),
          ["pln_1/1", "pln_2/1", "pln_1/2", "pln_1/3"],
        );
      }),
    );

    test(
      "goes on after a cursor without gaps or repeats, in pages of any size",
      on(async (fixture) => {
        for (const id of ["pln_1", "pln_2", "pln_3"]) await fixture.start(id, planOf({ a: [] }));
        const whole = (await fixture.store.feed(null, 100)).events;
        const paged = [];
        for (let cursor: string | null = null; ;) {
          const page = await fixture.store.feed(cursor, 2);
          if (page.events.length === 0) break;
          paged.push(...page.events);
          cursor = page.cursor;
        }
        assert.deepEqual(paged, whole);
        assert.equal(paged.length, 15);
      }),
    );

    test(
      "gives the same cursor while nothing new comes, and what is new after it",
      on(async (fixture) => {
        assert.deepEqual(await fixture.store.feed(null, 10), { events: [], cursor: null });
        await fixture.draft("pln_1", planOf({ a: [] }));
        const { cursor } = await fixture.store.feed(null, 10);
        assert.deepEqual(await fixture.store.feed(cursor, 10), { events: [], cursor });
        await fixture.draft("pln_2", planOf({ a: [] }));
        const { events } = await fixture.store.feed(cursor, 10);
        assert.deepEqual(
          events.map(({ planId }) => planId),
          ["pln_2"],
        );
      }),
    );

    test(
      "refuses a cursor that no store gave",
      on(async (fixture) => {
        await fixture.draft("pln_1", planOf({ a: [] }));
        for (const cursor of ["", "-1", "1e9", "9".repeat(30), "' or 1=1"]) {
          await assert.rejects(fixture.store.feed(cursor, 10), { code: "bad-cursor" });
        }
      }),
    );
  });
};

function lookWrong(): never {
  throw new RangeError("looked wrong");
}

function jsonOf(value: unknown): Json {
  return JSON.parse(JSON.stringify(value));
}
