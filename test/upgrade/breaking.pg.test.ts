import { beforeAll, afterAll, describe, expect, onTestFinished, test } from "vitest";
import type { PlanDocument } from "../../src/core/plan/document.ts";
import { lineOf } from "../postgres/worker-process.ts";
import type { Spawned } from "../torture/process/spawned.ts";
import { until } from "../torture/process/until.ts";
import { Ground, notOnce, PATIENCE_MS } from "./ground.ts";
import { NO_STORE, WORKING } from "./process/order.ts";
import { workStep } from "./process/work-tool.ts";
import { LATER, Release } from "./release/release.ts";

const TIMEOUT = { timeout: 3 * PATIENCE_MS };
const BREAKING = `--! breaking
  create table regions (name text primary key);
`;
const TOO_NEW = `the database is newer than this release (${LATER} was done`;

const present = Release.present();
let later: Release;
let ground: Ground;

beforeAll(() => {
  later = Release.later({ migration: BREAKING });
});

afterAll(() => later[Symbol.dispose]());

/** A chain of so many steps. */
function chainOf(length: number, ms: number): PlanDocument {
  const keys = Array.from({ length }, (_, index) => `s${index}`);
  const steps = keys.map((key, index) => {
    return [key, workStep(ms, ...keys.slice(Math.max(index - 1, 0), index))] as const;
  });
  return { plan: "Chain", policy: { approval: "none" }, steps: Object.fromEntries(steps) };
}

async function prepare(): Promise<void> {
  ground = await Ground.prepare();
  onTestFinished(() => ground[Symbol.asyncDispose]());
}

async function startWorker(
  release: Release,
  name: string,
  leaseTimes?: { readonly ttlMs: number; readonly renewMs: number },
): Promise<Spawned> {
  const times = leaseTimes === undefined ? {} : { leaseTimes };
  const worker = ground.start(release, { role: "worker", name, concurrency: 4, ...times });
  await lineOf(worker, { withinMs: PATIENCE_MS, isWanted: (line) => line === WORKING });
  return worker;
}

/** Submits a plan and ends; gives its id. */
async function submit(release: Release, document: PlanDocument): Promise<string> {
  const client = ground.start(release, {
    role: "client",
    name: "client",
    document,
    everyMs: 10 ** 6,
  });
  const planId = await lineOf(client, { withinMs: PATIENCE_MS });
  await endsWell(client);
  return planId;
}

async function endsWell(spawned: Spawned): Promise<void> {
  spawned.kill("SIGTERM");
  await spawned.endsWith(0, PATIENCE_MS);
}

/** Carries out a command that cannot have its store, and gives what it says. */
async function refused(release: Release, ...words: readonly string[]): Promise<string> {
  const command = ground.cli(release, words);
  await command.endsWith(NO_STORE, PATIENCE_MS);
  return command.stderr;
}

async function isTouched(): Promise<boolean> {
  const rows = await ground.ask("select from pg_tables where tablename = 'regions'");
  return rows.length > 0 || (await ground.migrations()).includes(LATER);
}

describe("a release that brings what older workers cannot live with", () => {
  test("waits until they have been stopped, and never runs beside them", TIMEOUT, async () => {
    await prepare();
    const ada = await startWorker(present, "ada");
    const planId = await submit(present, chainOf(1000, 100));
    await ground.progress(["ada"], 3);

    const advice = `${LATER} is to be done, which older workers cannot live with`;
    expect(await refused(later, "worker")).toContain(
      `${advice}: stop them, then run planwright db migrate`,
    );
    const named = `and still at work is process ${ada.pid}`;
    expect(await refused(later, "db", "migrate")).toContain(`${advice}, ${named}`);
    expect(await isTouched()).toBe(false);
    await ground.progress(["ada"], 3);
    await endsWell(ada);

    const migrated = ground.cli(later, ["db", "migrate"]);
    await migrated.endsWith(0, PATIENCE_MS);
    expect(migrated.lines).toEqual([`done: ${LATER}`]);
    const bob = await startWorker(later, "bob");
    await ground.progress(["bob"], 3);

    for (const words of [
      ["worker"],
      ["plan", "ls"],
      ["plan", "pause", planId],
      ["db", "migrate"],
    ]) {
      expect(await refused(present, ...words)).toContain(TOO_NEW);
    }
    await ground.progress(["bob"], 1);
    await endsWell(bob);
    expect(notOnce(ground.witness.read())).toEqual([]);
    for (const one of [ada, bob]) expect(one.stderr).toBe("");
  });

  test("ends workers that it was done under, who say what helps", TIMEOUT, async () => {
    await prepare();
    const ada = ground.cli(present, ["worker"]);
    await until("ada at work", PATIENCE_MS, () => ada.stderr.includes("working on") || null);
    const number = Number(LATER.slice(0, 4));
    await ground.ask("insert into planwright.migrations values ($1, $2, true)", number, LATER);
    await ada.endsWith(NO_STORE, PATIENCE_MS);
    expect(ada.stderr).toContain(TOO_NEW);
  });

  test(
    "finds that one that stood still meanwhile has lost its lease, and ends by itself",
    TIMEOUT,
    async () => {
      await prepare();
      const ttlMs = 3000;
      const ada = await startWorker(present, "ada", { ttlMs, renewMs: 1000 });
      await submit(present, chainOf(1, 10 * ttlMs));
      await until("its step", PATIENCE_MS, () => ground.witness.read().length > 0 || null);
      ada.kill("SIGSTOP");
      await until("the end of its lease", PATIENCE_MS, async () => {
        const [row] = await ground.ask<{ isOver: boolean }>(
          `select bool_and(expires_at < planwright.planwright_clock()) as "isOver"
         from planwright.leases where ended_at is null`,
        );
        return row?.isOver === true || null;
      });
      const migrated = ground.cli(later, ["db", "migrate"]);
      await migrated.endsWith(0, PATIENCE_MS);
      ada.kill("SIGCONT");
      await ada.endsWith(NO_STORE, PATIENCE_MS);
      expect(ada.stderr).toContain(`too-new: ${TOO_NEW}`);
      // Nobody knows of its step: a person is asked by whoever takes it over.
      const bob = await startWorker(later, "bob");
      await until("the question", PATIENCE_MS, async () => {
        const rows = await ground.ask("select from planwright.requests where status = 'open'");
        return rows.length > 0 || null;
      });
      await endsWell(bob);
      const types = (await ground.events()).map(({ type }) => type);
      expect(types.slice(-3)).toEqual(["attempt.lost", "request.created", "step.waiting"]);
    },
  );
});
