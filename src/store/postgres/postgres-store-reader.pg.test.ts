import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { planOf, type Fixture } from "../../testing/store-contract/fixture.ts";
import { openStoreDatabase, type StoreDatabase } from "./test-database.test-helper.ts";

let database: StoreDatabase;
let fixture: Fixture;
let other: Fixture;

beforeAll(async () => {
  database = await openStoreDatabase();
  fixture = await database.open();
  other = await database.open();
});

afterAll(() => database[Symbol.asyncDispose]());

describe("two processes", () => {
  test("list plans by the time at which they were made, not by the numbers they were given", async () => {
    const tenantId = "list";
    const made: string[] = [];
    for (const [index, process] of [fixture, other, fixture, other, fixture].entries()) {
      const planId = `pln_${index}`;
      await process.draft(planId, planOf({ a: [] }), { tenantId, id: `make ${planId}` });
      fixture.pass(1);
      other.pass(1);
      made.unshift(planId);
    }
    const store = other.stores.forTenant(tenantId);
    const first = await store.plans({ limit: 2 });
    const rest = await store.plans({ cursor: first.nextCursor ?? "" });
    expect([...first.data, ...rest.data].map(({ id }) => id)).toEqual(made);
    expect(rest.nextCursor).toBe(null);
    const drafts = await store.plans({ status: ["draft", "draft"], limit: 4 });
    expect(drafts.data.map(({ id }) => id)).toEqual(made.slice(0, 4));
  });

  test("each read what the other was answered", async () => {
    await fixture.start("pln_1", planOf({ a: [], b: ["a"] }));
    const versionOf = (process: Fixture) => process.store.read("pln_1", ({ version }) => version);
    expect(await versionOf(other)).toBe(await versionOf(fixture));
    await fixture.lease("pln_1");
    await fixture.accept(fixture.reportCommand("pln_1", "a"));
    const looks = await Promise.all(Array.from({ length: 8 }, () => versionOf(other)));
    expect(new Set(looks)).toEqual(new Set([await versionOf(fixture)]));
  });
});

describe("P20: text that Postgres cannot hold", () => {
  const HARD = "nul \u0000 and half \ud83d of a character";

  test("comes back as it was, in what a step brings and in what it says while it works", async () => {
    await fixture.start("pln_hard", planOf({ a: [] }));
    await fixture.lease("pln_hard");
    const place = { planId: "pln_hard", stepKey: "a", attempt: 1 };
    const text = "binary\u0000output\ue000";
    await fixture.store.appendProgress([{ ...place, stream: "stdout", text, at: 1 }]);
    const [row] = await other.store.progress(place);
    expect(row?.text).toBe(text);
    const output = { [HARD]: HARD };
    await fixture.accept(fixture.reportCommand("pln_hard", "a", { output }));
    const step = await other.store.read("pln_hard", (plan) => plan.steps.get("a"));
    expect(step?.status === "succeeded" ? step.output : null).toEqual(output);
    expect(await fixture.stores.check()).toEqual([]);
  });

  test("names nothing: who asks for it is answered as for anything that is not there", async () => {
    await fixture.draft("pln_there", planOf({ a: [] }));
    const { store } = fixture;
    expect(await store.read("pln_\u0000", () => true)).toBe(null);
    expect(await store.events("pln_\u0000")).toEqual([]);
    expect(await store.revision("pln_\u0000", 1)).toBe(null);
    expect(await store.steps("\u0000")).toEqual([]);
    expect(await store.artifacts("\u0000")).toEqual([]);
    expect(await store.findArtifact("\u0000")).toBe(null);
    expect(await store.findPlanOfRequest("\u0000")).toBe(null);
    expect((await store.requests({ planId: "\u0000" })).data).toEqual([]);
    expect((await store.plans({ parentPlanId: "\u0000" })).data).toEqual([]);
    expect(await store.progress({ planId: "pln_there", stepKey: "\u0000" })).toEqual([]);
  });
});

test("a content is in use where any tenant publishes it", async () => {
  const sha256 = "a".repeat(64);
  expect(await fixture.stores.isReferenced(sha256)).toBe(false);
  const tenantId = "publisher";
  await fixture.start("pln_1", planOf({ a: [] }), { tenantId });
  const store = fixture.stores.forTenant(tenantId);
  await fixture.accept(fixture.leaseCommand("pln_1"), store);
  const artifact = { id: "art_1", name: "report", sha256, size: 1, mediaType: "text/plain" };
  const outcome = { kind: "succeeded", output: null, artifacts: [artifact] } as const;
  await fixture.accept(fixture.reportCommand("pln_1", "a", { outcome }), store);
  expect(await other.stores.isReferenced(sha256)).toBe(true);
});
