import { expect, test, vi } from "vitest";
import type { StepDocument } from "../../src/core/plan/document.ts";
import { eventually, Fleet, hasEnded, held, pidOf, says } from "./fleet.ts";

// Processes take their time where many tests run.
vi.setConfig({ testTimeout: 90_000 });

/** A lease that the tests can outwait. */
const SHORT = { ttlMs: 4000 };
const WITHIN_MS = 40_000;

test("what a killed worker carried out is taken over by another, and what it did is not done again", async () => {
  await using fleet = await Fleet.open();
  const first = await fleet.worker("first", SHORT);
  const planId = await fleet.start({
    before: { do: "tool", owner: "std.echo" },
    hold: held("go", { needs: ["before"] }),
  });
  await says(first, "attempt.started hold 1");
  const second = await fleet.worker("second", SHORT);
  first.kill("SIGKILL");
  await says(second, "attempt.started hold 2");
  fleet.write("go");
  await says(second, "plan.completed");
  const events = await fleet.events(planId);
  expect(started(events)).toEqual(["before 1", "hold 1", "hold 2"]);
  expect(events.find(({ type }) => type === "attempt.lost")?.data).toMatchObject({
    reason: "worker-gone",
  });
  expect(await fleet.client.stores.check()).toEqual([]);
});

test("a worker that was stopped for longer than its lease brings its outcome in vain, is told so, and works on", async () => {
  await using fleet = await Fleet.open();
  const first = await fleet.worker("first", SHORT);
  const planId = await fleet.start({ busy: stall(5000) });
  await says(first, "attempt.started busy 1");
  first.kill("SIGSTOP");
  const second = await fleet.worker("second", SHORT);
  await says(second, "attempt.started busy 2");
  await says(second, "plan.completed");
  second.kill("SIGTERM");
  await second.endsWith(0, WITHIN_MS);
  first.kill("SIGCONT");
  const refused = await fleet.event(planId, ({ type }) => type === "attempt.refused");
  expect(refused).toMatchObject({ stepKey: "busy", attempt: 1 });
  expect((await fleet.events(planId)).filter(({ type }) => type === "plan.completed")).toHaveLength(
    1,
  );
  const next = await fleet.start({ after: { do: "tool", owner: "std.echo" } });
  await fleet.event(next, ({ type }) => type === "plan.completed");
  expect(await fleet.client.stores.check()).toEqual([]);
});

test("who is told to end lets what runs end, starts nothing more, and leaves the rest to the others", async () => {
  await using fleet = await Fleet.open();
  const first = await fleet.worker("first");
  const planId = await fleet.start({
    hold: held("go"),
    after: { do: "tool", owner: "std.echo", needs: ["hold"] },
  });
  await says(first, "attempt.started hold 1");
  const second = await fleet.worker("second");
  first.kill("SIGTERM");
  await eventually("its draining", async () => ((await serves(fleet, second)) ? true : null));
  fleet.write("go");
  await says(first, "step.succeeded hold 1");
  await first.endsWith(0, WITHIN_MS);
  await says(second, "attempt.started after 1");
  await says(second, "plan.completed");
  expect(started(await fleet.events(planId))).toEqual(["hold 1", "after 1"]);
  expect(await fleet.living()).toEqual(["second"]);
});

test("who begins under the name of a living worker succeeds it, and that one stands by until its successor is gone", async () => {
  await using fleet = await Fleet.open();
  const first = await fleet.worker("one", SHORT);
  const planId = await fleet.start({ hold: held("go") });
  await says(first, "attempt.started hold 1");
  const second = await fleet.worker("one", SHORT);
  await says(second, "attempt.started hold 2");
  await says(first, /^fault: process \d+ on \S+ works under the name one now/);
  fleet.write("go");
  await fleet.event(planId, ({ type }) => type === "plan.completed");
  expect(await fleet.living()).toEqual(["one"]);
  second.kill("SIGTERM");
  await second.endsWith(0, WITHIN_MS);
  const next = await fleet.start({ after: { do: "tool", owner: "std.echo" } });
  await says(first, "attempt.started after 1");
  await fleet.event(next, ({ type }) => type === "plan.completed");
  expect(await fleet.client.stores.check()).toEqual([]);
});

test("a main loop that is busy for longer than the lease keeps it", async () => {
  await using fleet = await Fleet.open();
  await using _watching = await fleet.worker("watching", SHORT);
  const busy = await fleet.worker("busy", SHORT);
  const planId = await fleet.start({ busy: stall(10_000) });
  await fleet.event(planId, ({ type }) => type === "plan.completed");
  expect(started(await fleet.events(planId))).toEqual(["busy 1"]);
  expect((await fleet.client.stores.leases()).filter(({ endedAt }) => endedAt !== null)).toEqual(
    [],
  );
  expect(busy.exit).toBeNull();
});

test("a plan that is cancelled in one process ends its command in another", async () => {
  await using fleet = await Fleet.open();
  const worker = await fleet.worker("one");
  const planId = await fleet.start({ hold: held("never") });
  await says(worker, "attempt.started hold 1");
  const pid = await pidOf(fleet, "never");
  const cancel = fleet.cli("plan", "cancel", planId);
  await cancel.endsWith(0, WITHIN_MS);
  await eventually("the end of its command", async () => hasEnded(pid) || null);
  expect((await fleet.events(planId)).at(-1)?.type).toBe("plan.cancelled");
  const next = await fleet.start({ after: { do: "tool", owner: "std.echo" } });
  await says(worker, "attempt.started after 1");
  await fleet.event(next, ({ type }) => type === "plan.completed");
});

/** Keeps its worker from everything else. */
function stall(ms: number): StepDocument {
  return { do: "tool", owner: "test.stall", with: { ms }, effect: "none" };
}

function started(events: Awaited<ReturnType<Fleet["events"]>>): readonly string[] {
  return events
    .filter(({ type }) => type === "attempt.started")
    .map(({ stepKey, attempt }) => `${stepKey} ${attempt}`);
}

/** Whether a worker takes what comes now: another one that drains does not. */
async function serves(
  fleet: Fleet,
  worker: { readonly lines: readonly string[] },
): Promise<boolean> {
  const before = count(worker.lines);
  const planId = await fleet.start({ probe: { do: "tool", owner: "std.echo" } });
  await fleet.event(planId, ({ type }) => type === "plan.completed");
  return count(worker.lines) > before;
}

function count(lines: readonly string[]): number {
  return lines.filter((line) => line === "attempt.started probe 1").length;
}
