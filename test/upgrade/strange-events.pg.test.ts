import { expect, onTestFinished, test } from "vitest";
import type { PlanDocument } from "../../src/core/plan/document.ts";
import { lineOf } from "../postgres/worker-process.ts";
import type { Spawned } from "../torture/process/spawned.ts";
import { until } from "../torture/process/until.ts";
import { Ground, notOnce, PATIENCE_MS } from "./ground.ts";
import { NO_STORE, WORKING } from "./process/order.ts";
import { workStep } from "./process/work-tool.ts";
import { Release } from "./release/release.ts";

const STEP_MS = 20;
const PLANS = 5;

/** A step before a signal comes, and three after it. */
const PLAN: PlanDocument = {
  plan: "Before and after",
  policy: { approval: "none" },
  steps: {
    before: workStep(STEP_MS),
    go: { do: "wait", needs: ["before"], wait: { signal: "go" } },
    left: workStep(STEP_MS, "go"),
    right: workStep(STEP_MS, "go"),
    after: workStep(STEP_MS, "left", "right"),
  },
};

/** A later release has another name for one event, and says another one in a new shape. */
const LATER = {
  replaced: {
    '"plan.paused"': '"plan.halted"',
    '"signal.received": 1': '"signal.received": 2',
  },
};

test(
  "P22: a worker leaves plans to later releases that only they understand, says which, and carries on all others",
  { timeout: 3 * PATIENCE_MS },
  async () => {
    const present = Release.present();
    using later = Release.later(LATER);
    const ground = await Ground.prepare();
    onTestFinished(() => ground[Symbol.asyncDispose]());
    const start = async (release: Release, name: string): Promise<Spawned> => {
      const worker = ground.start(release, { role: "worker", name, concurrency: 4 });
      await lineOf(worker, { withinMs: PATIENCE_MS, isWanted: (line) => line === WORKING });
      return worker;
    };
    const must = (release: Release, ...words: string[]) =>
      ground.cli(release, words).endsWith(0, PATIENCE_MS);
    const statusOf = async (planId: string): Promise<string | undefined> => {
      const rows = await ground.ask<{ status: string }>(
        "select status from planwright.plans where id = $1",
        planId,
      );
      return rows[0]?.status;
    };
    const ends = (planId: string) =>
      until(`the end of ${planId}`, PATIENCE_MS, async () => {
        return (await statusOf(planId)) === "completed" || null;
      });

    const ada = await start(present, "ada");
    const client = ground.start(present, {
      role: "client",
      name: "client",
      document: PLAN,
      everyMs: 10,
    });
    await until("some plans", PATIENCE_MS, () => client.lines.length >= PLANS || null);
    client.kill("SIGTERM");
    await client.endsWith(0, PATIENCE_MS);
    await ground.waiting(client.lines.length);
    const [halted = "", signalled = "", ...plain] = client.lines;

    // Ada has all of them in her memory, and finds work in all of them.
    await must(later, "plan", "pause", halted);
    await must(later, "plan", "resume", halted);
    await must(later, "signal", halted, "go");
    await must(later, "signal", signalled, "go");
    const [first = "", ...others] = plain;
    await must(present, "signal", first, "go");
    await ends(first);
    const faults = [
      `${halted}/\\d+ is plan.halted in shape 1, and this release knows no event of that type`,
      `${signalled}/\\d+ is signal.received in shape 2, and this release knows shapes up to 1`,
    ];
    for (const fault of faults) {
      await until(`a fault like ${fault}`, PATIENCE_MS, () => {
        return new RegExp(`^unknown-event: ${fault}`, "m").test(ada.stderr) || null;
      });
    }
    // She looks at them again after a while, and says the same.
    expect(new Set(ada.stderr.trim().split("\n")).size).toBe(faults.length);
    expect([await statusOf(halted), await statusOf(signalled)]).toEqual(["executing", "executing"]);
    const refused = ground.cli(present, ["plan", "cancel", halted]);
    await refused.endsWith(NO_STORE, PATIENCE_MS);
    expect(refused.stderr).toContain("a later release carries this plan on");

    const bob = await start(later, "bob");
    await Promise.all([halted, signalled].map(ends));
    await Promise.all(others.map((planId) => must(present, "signal", planId, "go")));
    await Promise.all(others.map(ends));
    for (const worker of [ada, bob]) {
      worker.kill("SIGTERM");
      await worker.endsWith(0, PATIENCE_MS);
    }
    expect(notOnce(ground.witness.read())).toEqual([]);
    expect(await ground.check(later)).toEqual([]);
    expect(bob.stderr).toBe("");
  },
);
