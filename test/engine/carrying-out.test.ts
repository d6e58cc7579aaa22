import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createPlanwright, type PlanwrightOptions } from "../../src/create-planwright.ts";
import type { PlanDocument } from "../../src/core/plan/document.ts";
import type { PlanEvent } from "../../src/core/plan/event.ts";
import type { Planwright, RunResult } from "../../src/planwright.ts";
import { defineTool } from "../../src/executor/tool/define-tool.ts";
import type { Tool } from "../../src/executor/tool/tool.ts";

let folder = "";
let open: Planwright[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "planwright-engine-"));
});

afterEach(async () => {
  for (const planwright of open) await planwright[Symbol.asyncDispose]();
  open = [];
  rmSync(folder, { recursive: true, force: true });
});

async function house(options: Partial<PlanwrightOptions> = {}): Promise<Planwright> {
  const planwright = await createPlanwright({ store: ":memory:", folder, ...options });
  open.push(planwright);
  return planwright;
}

function plan(steps: PlanDocument["steps"], policy: PlanDocument["policy"] = {}): PlanDocument {
  return { plan: "test", policy: { approval: "none", ...policy }, steps };
}

async function eventsOf(planwright: Planwright, planId: string): Promise<readonly PlanEvent[]> {
  return planwright.orchestrator.store.events(planId, { limit: 1000 });
}

function viewOf(result: RunResult) {
  if (!result.ok) throw new Error(result.refusal.message);
  return result.view;
}

/** A tool whose calls stay open until the test lets them go. */
function gateTool(name: string): {
  tool: Tool;
  started: (n: number) => Promise<void>;
  go: () => void;
} {
  let count = 0;
  const waiters: { n: number; resolve: () => void }[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  return {
    tool: defineTool({
      name,
      effect: "repeatable",
      execute: async (_input, { signal }) => {
        count += 1;
        for (const waiter of waiters) if (count >= waiter.n) waiter.resolve();
        const aborted = new Promise<void>((_, reject) => {
          signal.addEventListener("abort", () => reject(new Error("told to stop")));
        });
        await Promise.race([promise, aborted]);
        return { done: true };
      },
    }),
    started: (n) =>
      new Promise((done) => {
        if (count >= n) done();
        else waiters.push({ n, resolve: done });
      }),
    go: resolve,
  };
}

test("every ready step runs at once, up to the plan's cap", async () => {
  const gate = gateTool("test.gate");
  const planwright = await house({ tools: [gate.tool] });
  const step = { do: "tool", owner: "test.gate" } as const;
  const submitted = await planwright.submit(
    plan({ a: step, b: step, c: step, d: step }, { concurrency: 3 }),
    { start: true },
  );
  if (!submitted.ok) throw new Error(submitted.refusal.message);
  await gate.started(3);
  const view = await planwright.orchestrator.get(submitted.plan.id);
  expect(view?.plan.progress).toMatchObject({ running: 3, ready: 1 });
  const reasons = await planwright.orchestrator.explain(submitted.plan.id, "d");
  expect(reasons?.map((reason) => reason.code)).toEqual(["cap"]);
  gate.go();
  const done = viewOf(await planwright.wait(submitted.plan.id));
  expect(done.plan.status).toBe("completed");
});

test("a plan that nobody has approved does not start, and says what it waits for", async () => {
  const planwright = await house();
  const result = await planwright.run({
    plan: "asks",
    steps: { a: { do: "tool", owner: "std.echo" } },
  });
  const view = viewOf(result);
  expect(result).toMatchObject({ ok: true, rest: { kind: "needs-person" } });
  expect(view.plan.status).toBe("pending-approval");
  expect(view.steps["a"]?.status).toBe("pending");
  const { id, digest } = view.plan;
  const approved = await planwright.orchestrator.approve(id, planwright.actor, {
    digest,
    start: true,
  });
  expect(approved.ok).toBe(true);
  expect(viewOf(await planwright.wait(id)).plan.status).toBe("completed");
});

test("stopping a plan tells running executors at once, and what they still bring is refused and kept", async () => {
  const { promise: late, resolve: bring } = Promise.withResolvers<void>();
  const { promise: began, resolve: begin } = Promise.withResolvers<void>();
  const { promise: told, resolve: tell } = Promise.withResolvers<void>();
  const stubborn = defineTool({
    name: "test.stubborn",
    effect: "once",
    execute: async (_input, { signal }) => {
      signal.addEventListener("abort", () => tell());
      begin();
      await late;
      return { late: true };
    },
  });
  const planwright = await house({ tools: [stubborn] });
  const submitted = await planwright.submit(plan({ a: { do: "tool", owner: "test.stubborn" } }), {
    start: true,
  });
  if (!submitted.ok) throw new Error(submitted.refusal.message);
  const { id } = submitted.plan;
  await began;
  const cancelled = await planwright.orchestrator.cancel(id, planwright.actor, "stop", "enough");
  expect(cancelled).toMatchObject({ ok: true, plan: { status: "cancelled" } });
  await told;
  bring();
  await expect
    .poll(async () => (await eventsOf(planwright, id)).at(-1)?.type)
    .toBe("attempt.refused");
  const view = await planwright.orchestrator.get(id);
  expect(view?.steps["a"]).toMatchObject({ status: "cancelled", output: null });
});

test("a drained plan lets what runs end and starts nothing more", async () => {
  const gate = gateTool("test.gate");
  const planwright = await house({ tools: [gate.tool] });
  const submitted = await planwright.submit(
    plan({
      a: { do: "tool", owner: "test.gate" },
      b: { do: "tool", owner: "std.echo", needs: ["a"] },
    }),
    { start: true },
  );
  if (!submitted.ok) throw new Error(submitted.refusal.message);
  const { id } = submitted.plan;
  await gate.started(1);
  await planwright.orchestrator.cancel(id, planwright.actor, "drain");
  gate.go();
  const view = viewOf(await planwright.wait(id));
  expect(view.plan.status).toBe("cancelled");
  expect([view.steps["a"]?.status, view.steps["b"]?.status]).toEqual(["succeeded", "cancelled"]);
});

test("a timeout ends the attempt, and the next one may succeed", async () => {
  const sleepy = defineTool({
    name: "test.sleepy",
    effect: "repeatable",
    execute: (_input, { attempt, signal }) =>
      attempt > 1
        ? { attempt }
        : new Promise((_, reject) => {
            signal.addEventListener("abort", () => reject(new Error("told to stop")));
          }),
  });
  const planwright = await house({ tools: [sleepy] });
  const view = viewOf(
    await planwright.run(
      plan({
        a: {
          do: "tool",
          owner: "test.sleepy",
          timeout: "20ms",
          retry: { attempts: 2, first: "1ms" },
        },
      }),
    ),
  );
  expect(view.steps["a"]).toMatchObject({
    status: "succeeded",
    attempts: 2,
    output: { attempt: 2 },
  });
});

test("a timeout of an effect that must happen once asks a person", async () => {
  const once = defineTool({
    name: "test.once",
    effect: "once",
    execute: (_input, { signal }) =>
      new Promise((_, reject) => {
        signal.addEventListener("abort", () => reject(new Error("told to stop")));
      }),
  });
  const planwright = await house({ tools: [once] });
  const result = await planwright.run(
    plan({ a: { do: "tool", owner: "test.once", timeout: "20ms" } }),
  );
  const view = viewOf(result);
  expect(view.steps["a"]).toMatchObject({ status: "waiting", reason: "ambiguous-effect" });
  const [request] = view.requests;
  expect(request?.reason).toBe("ambiguous-effect");
  const answered = await planwright.orchestrator.decide(request?.id ?? "", planwright.actor, {
    answer: { choice: "succeeded", output: { seen: true } },
  });
  expect(answered.ok).toBe(true);
  const done = viewOf(await planwright.wait(view.plan.id));
  expect(done.plan.status).toBe("completed");
  expect(done.steps["a"]?.output).toEqual({ seen: true });
});

test("a sub-plan runs in its own log and gives its answer to the step that began it", async () => {
  const planwright = await house();
  const view = viewOf(
    await planwright.run(
      plan({
        inner: {
          do: "plan",
          with: { n: 20 },
          plan: {
            plan: "inner",
            inputs: { n: { type: "integer" } },
            steps: { a: { do: "tool", owner: "std.echo", with: { x: "${{ inputs.n + 1 }}" } } },
            answer: "steps.a.output.x",
          },
        },
      }),
    ),
  );
  expect(view.steps["inner"]).toMatchObject({ status: "succeeded", output: { answer: 21 } });
});

test("cancelling a plan cancels the sub-plans below it, three deep", async () => {
  const gate = gateTool("test.gate");
  const planwright = await house({ tools: [gate.tool] });
  const deepest: PlanDocument = { plan: "3", steps: { w: { do: "tool", owner: "test.gate" } } };
  const middle: PlanDocument = { plan: "2", steps: { p: { do: "plan", plan: deepest } } };
  const submitted = await planwright.submit(plan({ p: { do: "plan", plan: middle } }), {
    start: true,
  });
  if (!submitted.ok) throw new Error(submitted.refusal.message);
  await gate.started(1);
  await planwright.orchestrator.cancel(submitted.plan.id, planwright.actor, "stop");
  const view = viewOf(await planwright.wait(submitted.plan.id));
  expect(view.plan.status).toBe("cancelled");
  const all = await planwright.orchestrator.list({ limit: 10 });
  expect(all.data.map((row) => row.status)).toEqual(["cancelled", "cancelled", "cancelled"]);
});

test("a signal that came before anybody waited is kept and used", async () => {
  const planwright = await house();
  const gate = gateTool("test.gate");
  const other = await house({ tools: [gate.tool] });
  const submitted = await other.submit(
    plan({
      first: { do: "tool", owner: "test.gate" },
      wait: { do: "wait", needs: ["first"], wait: { signal: "go" } },
    }),
    { start: true },
  );
  if (!submitted.ok) throw new Error(submitted.refusal.message);
  const { id } = submitted.plan;
  await gate.started(1);
  const signal = { name: "go", payload: { n: 1 }, key: "k1" };
  await other.orchestrator.signal(id, planwright.actor, signal);
  await other.orchestrator.signal(id, planwright.actor, signal);
  gate.go();
  const view = viewOf(await other.wait(id));
  expect(view.steps["wait"]?.output).toEqual({ signal: "go", payload: { n: 1 } });
  const received = (await eventsOf(other, id)).filter((event) => event.type === "signal.received");
  expect(received).toHaveLength(1);
});

test("events are followed in order and without gaps, to the end of the plan", async () => {
  const planwright = await house();
  const submitted = await planwright.submit(
    plan({
      a: { do: "tool", owner: "std.sleep", with: { ms: 5 } },
      b: { do: "tool", owner: "std.echo", needs: ["a"] },
    }),
    { start: true },
  );
  if (!submitted.ok) throw new Error(submitted.refusal.message);
  const seen: number[] = [];
  let last = "";
  for await (const event of planwright.orchestrator.events(submitted.plan.id)) {
    seen.push(event.seq);
    last = event.type;
  }
  expect(seen).toEqual(seen.map((_, index) => index + 1));
  expect(last).toBe("plan.completed");
});

test("a failed step that is required ends the plan once what runs has been drained", async () => {
  const gate = gateTool("test.gate");
  const planwright = await house({ tools: [gate.tool] });
  const submitted = await planwright.submit(
    plan({
      slow: { do: "tool", owner: "test.gate" },
      bad: { do: "tool", owner: "std.fail", with: { retryable: false } },
      after: { do: "tool", owner: "std.echo", needs: ["bad"] },
    }),
    { start: true },
  );
  if (!submitted.ok) throw new Error(submitted.refusal.message);
  const { id } = submitted.plan;
  await expect
    .poll(async () => (await planwright.orchestrator.get(id))?.plan.condition)
    .toBe("failing");
  gate.go();
  const view = viewOf(await planwright.wait(id));
  expect(view.plan.status).toBe("failed");
  expect(view.steps["slow"]?.status).toBe("succeeded");
  expect(view.steps["after"]?.status).toBe("cancelled");
});

test("output is followed live while the command runs, and kept after it", async () => {
  const planwright = await house();
  const submitted = await planwright.submit(
    plan({
      talk: {
        do: "command",
        with: { run: "mkfifo go; echo first; read -r _ < go; echo second" },
        effect: "none",
      },
    }),
    { start: true, origin: { kind: "library", trust: "operator", folder } },
  );
  if (!submitted.ok) throw new Error(submitted.refusal.message);
  const { id } = submitted.plan;
  const { store } = planwright.orchestrator;
  const text = async () =>
    (await store.progress({ planId: id, stepKey: "talk" })).map((row) => row.text).join("");
  await expect.poll(text, { timeout: 5000 }).toContain("first");
  expect(await text()).not.toContain("second");
  writeFileSync(join(folder, "go"), "\n");
  expect(viewOf(await planwright.wait(id)).plan.status).toBe("completed");
  expect(await text()).toBe("first\nsecond\n");
});
