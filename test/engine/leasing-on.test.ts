import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createPlanwright } from "../../src/create-planwright.ts";
import type { PlanDocument, StepDocument } from "../../src/core/plan/document.ts";
import type { PlanEvent } from "../../src/core/plan/event.ts";
import { defineTool } from "../../src/executor/tool/define-tool.ts";
import type { Runtime } from "../../src/engine/runtime.ts";
import { createSystemRuntime } from "../../src/engine/system-runtime.ts";
import type { Planwright } from "../../src/planwright.ts";

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "planwright-engine-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function echo(...needs: string[]): StepDocument {
  return { do: "tool", owner: "std.echo", needs };
}

function plan(steps: PlanDocument["steps"]): PlanDocument {
  return { plan: "leasing on", policy: { approval: "none", concurrency: 8 }, steps };
}

/** The events of each commit, as they came. */
async function commitsOf(
  planwright: Planwright,
  document: PlanDocument,
): Promise<readonly (readonly PlanEvent[])[]> {
  const commits: (readonly PlanEvent[])[] = [];
  using listening = planwright.onCommit((events) => commits.push(events));
  void listening;
  const result = await planwright.run(document);
  expect(result.ok && result.rest.kind).toBe("ended");
  return commits;
}

function startedWith(commits: readonly (readonly PlanEvent[])[], stepKey: string): string[] {
  const commit = commits.find((events) =>
    events.some((event) => event.type === "step.succeeded" && event.stepKey === stepKey),
  );
  const started = (commit ?? []).filter((event) => event.type === "attempt.started");
  return started.map((event) => event.stepKey ?? "");
}

test("whatever a step makes ready starts in the same commit, as far as there are free slots", async () => {
  await using planwright = await createPlanwright({ store: ":memory:", folder, concurrency: 3 });
  const steps = {
    root: echo(),
    a: echo("root"),
    b: echo("root"),
    c: echo("root"),
    d: echo("root"),
  };
  const commits = await commitsOf(planwright, plan(steps));
  expect(startedWith(commits, "root")).toEqual(["a", "b", "c"]);
});

test("a plan that goes on and on leaves the slots that it does not need to the others", async () => {
  const { promise: otherIsDone, resolve: tellDone } = Promise.withResolvers<null>();
  const waits = defineTool({ name: "waits", effect: "none", execute: () => otherIsDone });
  const runtime = withoutSweeps(createSystemRuntime());
  const options = { store: ":memory:", folder, runtime, tools: [waits], concurrency: 2 };
  await using planwright = await createPlanwright(options);
  const keys = Array.from({ length: 30 }, (_, index) => `step-${index}`);
  const entries = keys.map((key, index) => [key, echo(...keys.slice(0, index).slice(-1))] as const);
  const last: StepDocument = { do: "tool", owner: "waits", needs: keys.slice(-1) };
  const chain = planwright.run(plan({ ...Object.fromEntries(entries), last }));
  const started = startOrder(planwright);
  await seen(planwright, (event) => event.stepKey === "step-3");
  expect((await planwright.run(plan({ only: echo() }))).ok).toBe(true);
  tellDone(null);
  expect((await chain).ok).toBe(true);
  expect(started.indexOf("only")).toBeLessThan(started.indexOf("last"));
});

/** Keys of steps as they begin. */
function startOrder(planwright: Planwright): readonly string[] {
  const started: string[] = [];
  planwright.onCommit((events) => {
    for (const { type, stepKey = "" } of events) {
      if (type === "attempt.started") started.push(stepKey);
    }
  });
  return started;
}

function seen(planwright: Planwright, isIt: (event: PlanEvent) => boolean): Promise<void> {
  return new Promise((resolve) => {
    planwright.onCommit((events) => {
      if (events.some(isIt)) resolve();
    });
  });
}

/** Nobody looks again after a while: a slot that nobody was told of would lie idle for ever. */
function withoutSweeps(runtime: Runtime): Runtime {
  const never = { cancel: () => undefined, [Symbol.dispose]: () => undefined };
  return {
    ...runtime,
    setTimer: (ms, callback) => (ms < 1000 ? runtime.setTimer(ms, callback) : never),
  };
}
