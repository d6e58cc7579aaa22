import { hash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { known } from "../../../src/core/known.ts";
import type { PlanEvent } from "../../../src/core/plan/event.ts";
import { createPlanwright } from "../../../src/create-planwright.ts";
import { createSystemRuntime } from "../../../src/engine/system-runtime.ts";
import { openMemory } from "../../../src/store/memory/open-memory.ts";
import { witnessStores } from "../../../src/testing/faults/witness-stores.ts";
import { TEST_PURE } from "../../../src/testing/given.ts";
import { readLogs, type PlanLog } from "../../torture/check/read-book.ts";
import { Witness } from "../../torture/witness/witness.ts";
import { ClientBook, readBooks } from "../client/client-book.ts";
import { createWorkTool, WORK_TOOL } from "../plan/work-tool.ts";
import { findFamilyFaults, kinOf } from "./family-faults.ts";
import { findPlanFaults, type PlanEvidence } from "./plan-faults.ts";

// A check that finds nothing proves something only if it finds what has been planted.
let folder: string;
let logs: readonly PlanLog[];
let sound: PlanEvidence;

const work = { do: "tool", owner: WORK_TOOL, with: { ms: 1 } } as const;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "planwright-planted-"));
  const witness = new Witness(join(folder, "witness"));
  const sha256 = (content: Uint8Array) => hash("sha256", content);
  const memory = openMemory({ clock: createSystemRuntime(), pure: TEST_PURE, sha256 });
  using book = new ClientBook(folder, "ada");
  await using planwright = await createPlanwright({
    store: witnessStores(memory, book),
    tools: [createWorkTool(witness.folder, "life-1")],
    folder,
  });
  await planwright.run({
    plan: "planted",
    policy: { approval: "none" },
    steps: { a: work, below: { do: "plan", plan: { plan: "child", steps: { b: work } } } },
  });
  logs = await Array.fromAsync(readLogs(memory.forTenant("default")));
  const log = known(
    logs.find(({ row }) => row.parentPlanId === null),
    "the parent",
  );
  const books = readBooks(folder);
  sound = {
    log,
    entries: books.entries.filter(({ planId }) => planId === log.row.id),
    keepers: [],
    told: books.told,
    ledger: witness.read().filter(({ planId }) => planId === log.row.id),
    killed: new Set(),
    restAt: Date.now(),
  };
});

afterAll(() => rmSync(folder, { recursive: true }));

/** The same log with other events, whose hashes are not looked at here. */
function withEvents(change: (events: readonly PlanEvent[]) => readonly PlanEvent[]): PlanEvidence {
  const { log } = sound;
  return { ...sound, log: { ...log, events: change(log.events) } };
}

function without(type: PlanEvent["type"], stepKey?: string): PlanEvidence {
  return withEvents((events) =>
    events.filter((event) => event.type !== type || event.stepKey !== stepKey),
  );
}

describe("a plan in whose evidence a fault is planted", () => {
  test("nothing is found where nothing was planted", () => {
    expect(findPlanFaults(sound)).toEqual([]);
    expect(findFamilyFaults(logs.map(kinOf))).toEqual([]);
  });

  test("an outcome that was acknowledged and is gone", () => {
    const faults = findPlanFaults(without("step.succeeded", "a"));
    expect(faults).toContainEqual(expect.stringMatching(/I24 .*attempt\.report/));
  });

  test("the last event, told and lost", () => {
    const faults = findPlanFaults(withEvents((events) => events.slice(0, -1)));
    expect(faults).toContainEqual(expect.stringMatching(/G1 #\d+ was told and is lost/));
  });

  test("an event that was told otherwise than it stands", () => {
    const faults = findPlanFaults(
      withEvents((events) =>
        events.map((event) =>
          event.type === "step.succeeded" && event.stepKey === "a"
            ? { ...event, data: { ...event.data, output: "other" } }
            : event,
        ),
      ),
    );
    expect(faults).toContainEqual(expect.stringMatching(/G1 #\d+ \(step\.succeeded\) was told/));
  });

  test("work that was done, did not count, and was refused to nobody", () => {
    const late = known(
      sound.ledger.find(({ kind }) => kind === "end"),
      "an end",
    );
    const ledger = [...sound.ledger, { ...late, attempt: 7, life: "life-2" }];
    const fault = expect.stringContaining("G4 a/7 of life-2");
    expect(findPlanFaults({ ...sound, ledger })).toContainEqual(fault);
    const killed = new Set(["life-2"]);
    expect(findPlanFaults({ ...sound, ledger, killed })).not.toContainEqual(fault);
  });

  test("a plan that stands still for no reason", () => {
    const faults = findPlanFaults(withEvents((events) => events.slice(0, 4)));
    expect(faults).toContainEqual(expect.stringContaining("I26"));
  });

  test("an event of another tenant", () => {
    const faults = findPlanFaults(
      withEvents(([first, ...rest]) => [{ ...known(first, "it"), tenantId: "other" }, ...rest]),
    );
    expect(faults).toContainEqual(expect.stringContaining("I19 #1 bears other"));
  });
});

describe("a family in which a fault is planted", () => {
  test("a parent that never learns how its sub-plan ended", () => {
    const deaf = logs
      .map(kinOf)
      .map((one) => ({ ...one, heard: new Map(), ended: new Set<string>() }));
    expect(findFamilyFaults(deaf)).toEqual([expect.stringContaining("never learns")]);
  });

  test("a parent that heard otherwise", () => {
    const misled = logs
      .map(kinOf)
      .map((one) => ({ ...one, heard: new Map([["below", "failed"]]) }));
    expect(findFamilyFaults(misled)).toEqual([expect.stringContaining("heard failed")]);
  });

  test("a sub-plan that goes on alone, and one that has lost its parent", () => {
    const kin = logs.map(kinOf);
    const going = kin.map((one) => (one.parent === null ? one : { ...one, status: "executing" }));
    expect(findFamilyFaults(going)).toEqual([expect.stringContaining("goes on")]);
    const orphans = kin.filter(({ parent }) => parent !== null);
    expect(findFamilyFaults(orphans)).toEqual([expect.stringContaining("lost its parent")]);
  });
});
