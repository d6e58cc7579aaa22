import { hash } from "node:crypto";
import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createPlanwright } from "../../create-planwright.ts";
import { checkWitness, type LedgerEntry } from "../../core/history/check-witness.ts";
import type { PlanEvent } from "../../core/plan/event.ts";
import { createSystemRuntime } from "../../engine/system-runtime.ts";
import { openMemory } from "../../store/memory/open-memory.ts";
import { StoreFault, type Stores } from "../../store/store.ts";
import { TEST_PURE } from "../given.ts";
import { interceptStores } from "../intercept-stores.ts";
import { LedgerFile, readLedgerFile } from "./ledger-file.ts";
import { witnessStores } from "./witness-stores.ts";

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "planwright-ledger-"));
  path = join(folder, "ledger");
});

afterEach(() => rmSync(folder, { recursive: true }));

/** A plan carried out by a process that keeps its book: the book, and the log. */
async function carriedOut(through: (stores: Stores) => Stores = (stores) => stores): Promise<{
  readonly entries: readonly LedgerEntry[];
  readonly events: readonly PlanEvent[];
}> {
  const sha256 = (content: Uint8Array) => hash("sha256", content);
  const memory = openMemory({ clock: createSystemRuntime(), pure: TEST_PURE, sha256 });
  using ledger = new LedgerFile(path);
  const store = witnessStores(through(memory), ledger);
  await using planwright = await createPlanwright({ store, folder });
  const result = await planwright.run({
    plan: "witnessed",
    policy: { approval: "none" },
    steps: {
      a: { do: "tool", owner: "std.echo" },
      b: { do: "tool", owner: "std.echo", needs: ["a"] },
    },
  });
  if (!result.ok) throw new Error(result.refusal.message);
  const events = await memory.forTenant("default").events(result.view.plan.id);
  return { entries: readLedgerFile(path), events };
}

test("what a client sent and was told stands in its book, and all of it in the log", async () => {
  const { entries, events } = await carriedOut();
  expect(checkWitness(entries, events)).toEqual([]);
  const told = entries
    .filter(({ acked }) => acked)
    .map(({ kind, stepKey }) => `${kind} ${stepKey}`);
  expect(told).toEqual(
    expect.arrayContaining([
      "plan.create undefined",
      "plan.start undefined",
      "attempt.lease a",
      "attempt.report a",
      "attempt.lease b",
      "attempt.report b",
    ]),
  );
});

test("a command whose answer was lost stands in the book as sent, and no more", async () => {
  let answers = 0;
  const { entries, events } = await carriedOut((stores) =>
    interceptStores(stores, async ({ command }, run) => {
      const answer = await run();
      if (command?.type !== "attempt.report") return answer;
      answers += 1;
      if (answers === 1) throw new StoreFault("unreachable", "the answer is lost");
      return answer;
    }),
  );
  const told = entries.filter(({ kind, stepKey }) => kind === "attempt.report" && stepKey === "a");
  expect(told.map(({ acked }) => acked)).toEqual([false, false, true]);
  expect(new Set(told.map(({ commandId }) => commandId)).size).toBe(1);
  expect(checkWitness(entries, events)).toEqual([]);
});

test("an outcome that was told to stand and is not in the log is found", async () => {
  const { entries, events } = await carriedOut();
  const lost = events.filter(({ type, stepKey }) => type !== "step.succeeded" || stepKey !== "b");
  expect(checkWitness(entries, lost)).toMatchObject([{ invariant: "I24", stepKey: "b" }]);
});

test("a command that nobody sent is found by its events", async () => {
  const { entries, events } = await carriedOut();
  const unsent = entries.filter(({ kind }) => kind !== "plan.create");
  expect(checkWitness(unsent, events)).toMatchObject([{ invariant: "I24" }]);
});

test("a book is added to by whoever opens it next, and a line cut short by a kill is none", async () => {
  const { entries } = await carriedOut();
  appendFileSync(path, '{"commandId":"cmd_1","kind":"plan.st');
  expect(readLedgerFile(path)).toEqual(entries);
  rmSync(path);
  await carriedOut();
  await carriedOut();
  expect(readLedgerFile(path)).toHaveLength(2 * entries.length);
});
