import { expect, onTestFinished, test } from "vitest";
import type { PlanDocument } from "../../src/core/plan/document.ts";
import { lineOf } from "../postgres/worker-process.ts";
import type { Spawned } from "../torture/process/spawned.ts";
import { Ground, notOnce, PATIENCE_MS } from "./ground.ts";
import { WORKING } from "./process/order.ts";
import { workStep } from "./process/work-tool.ts";
import { findOldCommit } from "./release/find-old-commit.ts";
import { LATER, Release } from "./release/release.ts";

const STEP_MS = 60;
const STEPS_PER_PLAN = 5;

/** What older workers live with: they write nothing into the column, and do not ask for the index. */
const EXPANDING = `
  alter table plans add column region text default 'here';
  alter table steps add column region text default 'here';
  create index plans_by_region on plans (tenant_no, region);
`;

/** Three steps on the work of one, and one on theirs. */
const PLAN: PlanDocument = {
  plan: "Under way",
  policy: { approval: "none", retry: { attempts: 1 } },
  steps: {
    top: workStep(STEP_MS),
    left: workStep(STEP_MS, "top"),
    middle: workStep(STEP_MS, "top"),
    right: workStep(STEP_MS, "top"),
    bottom: workStep(STEP_MS, "left", "middle", "right"),
  },
};

async function endsWell(spawned: Spawned): Promise<void> {
  spawned.kill("SIGTERM");
  await spawned.endsWith(0, PATIENCE_MS);
}

test(
  "a fleet is upgraded worker by worker while it works: the first new one migrates, and no step is lost or done twice",
  { timeout: 3 * PATIENCE_MS },
  async ({ skip }) => {
    const commit = findOldCommit();
    if (commit === null) skip("there is no git history to take an older release from");
    using old = Release.ofCommit(commit ?? "");
    using later = Release.later({ migration: EXPANDING });
    const ground = await Ground.prepare();
    onTestFinished(() => ground[Symbol.asyncDispose]());
    const start = async (release: Release, name: string): Promise<Spawned> => {
      const worker = ground.start(release, { role: "worker", name, concurrency: 3 });
      await lineOf(worker, { withinMs: PATIENCE_MS, isWanted: (line) => line === WORKING });
      return worker;
    };

    const ada = await start(old, "ada");
    const client = ground.start(old, {
      role: "client",
      name: "client",
      document: PLAN,
      everyMs: 100,
    });
    const bob = await start(old, "bob");
    await ground.progress(["ada", "bob"], 3);
    expect(await ground.migrations()).not.toContain(LATER);

    const cleo = await start(later, "cleo");
    expect((await ground.migrations()).at(-1)).toBe(LATER);
    await ground.progress(["ada", "bob", "cleo"], 3);

    await endsWell(ada);
    const dan = await start(later, "dan");
    await ground.progress(["bob", "cleo", "dan"], 3);
    await endsWell(bob);
    await ground.progress(["cleo", "dan"], 3);
    await endsWell(client);
    await ground.quiet();
    await Promise.all([endsWell(cleo), endsWell(dan)]);

    const submitted = client.lines;
    expect(submitted.length).toBeGreaterThan(5);
    const events = await ground.events();
    const ofType = (wanted: string) => events.filter(({ type }) => type === wanted);
    expect(ofType("plan.completed").map(({ planId }) => planId)).toEqual(submitted);
    expect(ofType("attempt.started")).toHaveLength(submitted.length * STEPS_PER_PLAN);
    expect(ofType("attempt.lost")).toEqual([]);
    expect(notOnce(ground.witness.read())).toEqual([]);
    expect(await ground.check(later)).toEqual([]);
    for (const one of [ada, bob, cleo, dan, client]) expect(one.stderr).toBe("");
  },
);
