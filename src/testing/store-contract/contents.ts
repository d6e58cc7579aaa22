import assert from "node:assert/strict";
import type { ArtifactRef } from "../../core/step/outcome.ts";
import { findOrphans } from "../../store/artifact/find-orphans.ts";
import type { ProgressChunk } from "../../store/store.ts";
import { CONTRACT_PURE } from "./contract-pure.ts";
import { onStore, planOf, type Fixture } from "./fixture.ts";
import type { ContractPart } from "./suite.ts";

const HELLO = "hello, world";

/** What is kept beside the log: stored outputs and live output. */
export const contents: ContractPart = (options) => {
  const { describe, test } = options;
  const on = (body: (fixture: Fixture) => Promise<void>): (() => Promise<void>) =>
    onStore(options, body);

  describe("stored content", () => {
    test(
      "is named by its hash and comes back as it was",
      on(async ({ stores: { artifactStore } }) => {
        const stored = await artifactStore.put(bytes(HELLO));
        assert.deepEqual(stored, { sha256: CONTRACT_PURE.digest(HELLO), size: HELLO.length });
        assert.equal(await textOf(await artifactStore.open(stored.sha256)), HELLO);
      }),
    );

    test(
      "may come in pieces, and may be empty",
      on(async ({ stores: { artifactStore } }) => {
        const pieces = await artifactStore.put(piecewise(["hello", ", ", "world"]));
        assert.equal(pieces.sha256, CONTRACT_PURE.digest(HELLO));
        const empty = await artifactStore.put(bytes(""));
        assert.equal(await textOf(await artifactStore.open(empty.sha256)), "");
      }),
    );

    test(
      "is stored once however often it is put",
      on(async ({ stores: { artifactStore } }) => {
        await Promise.all([
          artifactStore.put(bytes(HELLO)),
          artifactStore.put(bytes(HELLO)),
          artifactStore.put(bytes(HELLO)),
        ]);
        const listed = await Array.fromAsync(artifactStore.list());
        assert.deepEqual(
          listed.map(({ sha256 }) => sha256),
          [CONTRACT_PURE.digest(HELLO)],
        );
      }),
    );

    test(
      "leaves nothing behind where its source breaks off",
      on(async ({ stores: { artifactStore } }) => {
        await assert.rejects(artifactStore.put(breakingOff()), /broke off/);
        assert.deepEqual(await Array.fromAsync(artifactStore.list()), []);
      }),
    );

    test(
      "that is not there is null, and a name that is no hash names nothing",
      on(async ({ stores: { artifactStore } }) => {
        for (const name of [CONTRACT_PURE.digest("other"), "", "../../etc/passwd", "ABC"]) {
          assert.equal(await artifactStore.open(name), null);
        }
      }),
    );

    test(
      "can be removed, more than once",
      on(async ({ stores: { artifactStore } }) => {
        const { sha256 } = await artifactStore.put(bytes(HELLO));
        await artifactStore.remove(sha256);
        await artifactStore.remove(sha256);
        assert.equal(await artifactStore.open(sha256), null);
        assert.deepEqual(await Array.fromAsync(artifactStore.list()), []);
      }),
    );
  });

  describe("published artifacts", () => {
    test(
      "are found by their id and by their plan, with the attempt they came from",
      on(async (fixture) => {
        const artifact = await publish(fixture, HELLO);
        const row = await fixture.store.findArtifact(artifact.id);
        const lineage = { planId: "pln_1", stepKey: "a", attempt: 1, publishedAt: fixture.now };
        assert.deepEqual(row, { ...artifact, ...lineage });
        assert.deepEqual(await fixture.store.artifacts("pln_1"), [row]);
        assert.equal(await fixture.store.findArtifact("art_none"), null);
        assert.deepEqual(await fixture.store.artifacts("pln_none"), []);
      }),
    );

    test(
      "are referenced; content that nobody publishes is an orphan after a while",
      on(async (fixture) => {
        const { artifactStore } = fixture.stores;
        const published = await publish(fixture, HELLO);
        const orphan = await artifactStore.put(bytes("nobody's"));
        assert.equal(await fixture.stores.isReferenced(published.sha256), true);
        assert.equal(await fixture.stores.isReferenced(orphan.sha256), false);
        const later = Number.MAX_SAFE_INTEGER;
        const orphans = await Array.fromAsync(findOrphans(artifactStore, fixture.stores, later));
        assert.deepEqual(
          orphans.map(({ sha256 }) => sha256),
          [orphan.sha256],
        );
        assert.deepEqual(await Array.fromAsync(findOrphans(artifactStore, fixture.stores, 0)), []);
      }),
    );
  });

  describe("live output", () => {
    test(
      "is kept in the order in which it came, and read on from any position",
      on(async (fixture) => {
        await fixture.draft("pln_1", planOf({ a: [] }));
        await fixture.store.appendProgress([chunk({ text: "one" }), chunk({ text: "two" })]);
        await fixture.store.appendProgress([chunk({ text: "three", stream: "stderr" })]);
        const rows = await fixture.store.progress({ planId: "pln_1", stepKey: "a" });
        assert.deepEqual(
          rows.map(({ text }) => text),
          ["one", "two", "three"],
        );
        assert.equal(rows[2]?.stream, "stderr");
        const after = rows[0]?.position ?? 0;
        const rest = await fixture.store.progress({
          planId: "pln_1",
          stepKey: "a",
          after,
          limit: 1,
        });
        assert.deepEqual(
          rest.map(({ text }) => text),
          ["two"],
        );
      }),
    );

    test(
      "is told by step and by attempt",
      on(async (fixture) => {
        await fixture.draft("pln_1", planOf({ a: [], b: [] }));
        await fixture.store.appendProgress([
          chunk({ text: "first" }),
          chunk({ text: "second", attempt: 2 }),
          chunk({ text: "other", stepKey: "b" }),
        ]);
        const query = { planId: "pln_1", stepKey: "a" };
        assert.equal((await fixture.store.progress(query)).length, 2);
        const [second] = await fixture.store.progress({ ...query, attempt: 2 });
        assert.deepEqual(
          { ...second, position: 0 },
          { ...chunk({ text: "second", attempt: 2 }), position: 0 },
        );
      }),
    );

    test(
      "is no part of the log, and that of a plan that is not there is dropped",
      on(async (fixture) => {
        await fixture.store.appendProgress([chunk({ text: "early" })]);
        await fixture.draft("pln_1", planOf({ a: [] }));
        await fixture.store.appendProgress([chunk({ text: "out", planId: "pln_none" })]);
        await fixture.store.appendProgress([]);
        assert.deepEqual(await fixture.store.progress({ planId: "pln_1", stepKey: "a" }), []);
        assert.deepEqual(await fixture.store.progress({ planId: "pln_none", stepKey: "a" }), []);
        assert.equal((await fixture.store.feed(null, 10)).events.length, 1);
      }),
    );
  });
};

async function publish(fixture: Fixture, text: string): Promise<ArtifactRef> {
  const stored = await fixture.stores.artifactStore.put(bytes(text));
  const artifact = { id: "art_1", name: "hello.txt", mediaType: "text/plain", ...stored };
  const outcome = { kind: "succeeded", output: null, artifacts: [artifact] } as const;
  await fixture.start("pln_1", planOf({ a: [] }));
  await fixture.lease("pln_1");
  await fixture.accept(fixture.reportCommand("pln_1", "a", { outcome }));
  return artifact;
}

function chunk(rest: Partial<ProgressChunk>): ProgressChunk {
  return { planId: "pln_1", stepKey: "a", attempt: 1, stream: "stdout", text: "", at: 1, ...rest };
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

async function* piecewise(texts: readonly string[]): AsyncIterable<Uint8Array> {
  for (const text of texts) yield bytes(text);
}

async function* breakingOff(): AsyncIterable<Uint8Array> {
  yield bytes("half of ");
  throw new Error("the source broke off");
}

async function textOf(content: AsyncIterable<Uint8Array> | null): Promise<string | null> {
  if (content === null) return null;
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of content) text += decoder.decode(chunk, { stream: true });
  return text;
}
