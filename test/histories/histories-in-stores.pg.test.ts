import { hash } from "node:crypto";
import { globSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import type { PlanId } from "../../src/core/id.ts";
import type { Json } from "../../src/core/json.ts";
import type { PlanCommand } from "../../src/core/plan/command.ts";
import type { Decide } from "../../src/core/plan/decision.ts";
import { createSystemRuntime } from "../../src/engine/system-runtime.ts";
import { createPure } from "../../src/format/create-pure.ts";
import { openPostgres } from "../../src/store/postgres/open-postgres.ts";
import { openSqlite } from "../../src/store/sqlite/open-sqlite.ts";
import type { Stores } from "../../src/store/store.ts";
import { snapshotPlan } from "../../src/testing/snapshot-plan.ts";
import { createDatabase } from "../postgres/create-database.ts";
import { readHistory, type GoldenHistory } from "./golden-history.ts";

const here = fileURLToPath(new URL(".", import.meta.url));
const paths = globSync("v*/*.jsonl", { cwd: here })
  .map((path) => path.replace(/\.jsonl$/, "").replaceAll("\\", "/"))
  .toSorted();
const parts = { clock: createSystemRuntime(), pure: createPure((text) => hash("sha256", text)) };

/** Opens a store of which nothing outlives the test. */
async function open(opening: Promise<Stores>): Promise<Stores> {
  const stores = await opening;
  onTestFinished(() => stores[Symbol.asyncDispose]());
  return stores;
}

/** Puts a log into a store by its one door, event by event, as if each were decided just now. */
async function bringIn(stores: Stores, { events, revision }: GoldenHistory): Promise<void> {
  for (const event of events) {
    const { planId, tenantId, actor, seq } = event;
    const isFirst = event.type === "plan.created";
    const decide: Decide = () => {
      return { ok: true, events: [event], leases: [], ...(isFirst ? { revision } : {}) };
    };
    const type = isFirst ? "plan.create" : "plan.resume";
    const command = { id: `bring_${seq}`, planId, type, at: Date.parse(event.time), actor };
    await stores.forTenant(tenantId).commit(command as unknown as PlanCommand, decide);
  }
}

/** All that a store says of a plan: the plan as it is folded, its chain, its rows, what is due. */
async function allOf(stores: Stores, { events }: GoldenHistory) {
  const [{ planId, tenantId } = { planId: "", tenantId: "" }] = events;
  const store = stores.forTenant(tenantId);
  const lanes = { pools: ["default"], capabilities: new Set(["command", "agent", "verify"]) };
  return {
    plan: await planOf(stores, tenantId, planId),
    chain: await store.chain(planId),
    plans: (await store.plans()).data,
    steps: await store.steps(planId),
    requests: (await store.requests()).data,
    artifacts: await store.artifacts(planId),
    due: await stores.due({ ...lanes, now: Number.MAX_SAFE_INTEGER, limit: 100 }),
    wrong: await stores.check(),
  };
}

async function planOf(stores: Stores, tenantId: string, planId: PlanId): Promise<Json> {
  return JSON.parse((await stores.forTenant(tenantId).read(planId, snapshotPlan)) ?? "null");
}

describe.each(paths)("G18: the history %s", (path) => {
  const history = readHistory(here + path);

  test("adds up to the same on Postgres as on SQLite and when it was written", async () => {
    const database = await createDatabase();
    onTestFinished(() => database[Symbol.asyncDispose]());
    const options = { ...parts, url: database.url, acceptDataLoss: true };
    const sqlite = await open(openSqlite({ ...parts, path: ":memory:" }));
    const postgres = await open(openPostgres(options));
    await Promise.all([bringIn(sqlite, history), bringIn(postgres, history)]);

    const onSqlite = await allOf(sqlite, history);
    expect(onSqlite.wrong).toEqual([]);
    expect(onSqlite.plan).toMatchObject(history.snapshot as object);
    expect(await allOf(postgres, history)).toEqual(onSqlite);
    // Another process has nothing in its memory, and folds what the database says.
    const other = await open(openPostgres(options));
    expect(await allOf(other, history)).toEqual(onSqlite);
  });
});
