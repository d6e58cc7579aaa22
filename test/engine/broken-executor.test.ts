import { describe, expect, test } from "vitest";
import type { Effect, StepDocument } from "../../src/core/plan/document.ts";
import type { Executor } from "../../src/engine/executor.ts";
import { House } from "./house.ts";

/** How a step of such an effect stands after a while, and how often it was begun. */
async function fate(
  effect: Effect,
  execute: Executor["execute"],
  more: Partial<StepDocument> = {},
) {
  let times = 0;
  const house = new House({
    execute: (lease, context) => {
      times += 1;
      return execute(lease, context);
    },
  });
  const step: StepDocument = { do: "command", with: { argv: ["make"] }, effect, ...more };
  const planId = await house.begin({ a: step });
  await house.clock.advance(60_000);
  const view = await house.clock.complete(() => house.orchestrator.get(planId));
  return { times, step: view?.steps["a"], events: await house.eventsOf(planId) };
}

/** Fails as told the first time. */
function onceFailing(fail: Executor["execute"]): Executor["execute"] {
  return (lease, context) =>
    lease.attempt === 1
      ? fail(lease, context)
      : Promise.resolve({ kind: "succeeded", output: lease.attempt });
}

const ASKS = { status: "waiting", reason: "ambiguous-effect" };
const DONE = { status: "succeeded", output: 2 };

describe("an executor that throws", () => {
  const throwing = onceFailing(() => Promise.reject(new Error("the world broke")));

  test("in the middle of what happens once leaves its step to a person", async () => {
    const { times, step, events } = await fate("once", throwing);
    expect(times).toBe(1);
    expect(step).toMatchObject(ASKS);
    const failed = events.find(({ type }) => type === "attempt.failed");
    expect(failed?.data).toMatchObject({
      error: { code: "executor", message: "the world broke", ambiguous: true },
    });
  });

  test.each(["none", "repeatable"] as const)(
    "in the middle of what may happen twice (%s) is tried again",
    async (effect) => {
      const { times, step } = await fate(effect, throwing);
      expect(times).toBe(2);
      expect(step).toMatchObject(DONE);
    },
  );

  test("before it gave a promise at all is no different", async () => {
    const broken: Executor["execute"] = () => {
      throw new Error("the world broke");
    };
    expect((await fate("once", onceFailing(broken))).step).toMatchObject(ASKS);
  });

  test("because its time was over says so", async () => {
    const slow = onceFailing(
      (_lease, { signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener("abort", () => reject(new Error("told to stop")));
        }),
    );
    for (const limit of [{ timeout: "2s" }, { idle: "2s" }]) {
      const { step, events } = await fate("once", slow, limit);
      expect(step).toMatchObject(ASKS);
      const failed = events.find(({ type }) => type === "attempt.failed");
      expect(failed?.data).toMatchObject({
        error: {
          code: "timeout",
          message: expect.stringMatching(/^the attempt .*: told to stop$/),
        },
      });
    }
    expect((await fate("repeatable", slow, { timeout: "2s" })).step).toMatchObject(DONE);
  });
});

test("an executor that knows that nothing was begun says so, and its step is tried again", async () => {
  const error = { code: "busy", message: "no room", retryable: true };
  const busy = onceFailing(async () => ({ kind: "failed", error }));
  expect((await fate("once", busy)).step).toMatchObject(DONE);
});

test("an executor that is not heard of again leaves what happens once to a person", async () => {
  const silent = onceFailing(() => new Promise(() => undefined));
  expect((await fate("once", silent, { timeout: "2s" })).step).toMatchObject(ASKS);
  expect((await fate("repeatable", silent, { timeout: "2s" })).step).toMatchObject(DONE);
});
