import { expect, test } from "vitest";
import type { StepDocument } from "../../src/core/plan/document.ts";
import { House } from "./house.ts";

const STEP: StepDocument = { do: "command", with: { argv: ["make"] }, effect: "repeatable" };
const FOUR = { a: STEP, b: STEP, c: STEP, d: STEP };

test("a worker whose lease was ended begins no process, and takes nothing more under that lease", async () => {
  const begun: string[] = [];
  let ending: Promise<void> | null = null;
  const house = new House({
    execute: async ({ stepKey, attempt }, context) => {
      await context.recordProcess({ pid: 100, startTicks: "1" });
      begun.push(`${stepKey}#${attempt}`);
      return { kind: "succeeded", output: null };
    },
    intercept: (house) => async (call, run) => {
      if (call.operation === "recordProcess") await (ending ??= house.endLease());
      return run();
    },
  });
  const planId = await house.begin(FOUR);
  await house.clock.advance(1000);
  expect(begun).toEqual([]);
  const started = (await house.eventsOf(planId)).filter(({ type }) => type === "attempt.started");
  expect(started).toHaveLength(2);
  await house.clock.advance(30_000);
  expect(begun.toSorted()).toEqual(["a#2", "b#2", "c#1", "d#1"]);
  expect((await house.eventsOf(planId)).at(-1)?.type).toBe("plan.completed");
});

test("what was leased under a lease that had ended by the time of the answer is not carried out", async () => {
  const begun: string[] = [];
  const answer = Promise.withResolvers<void>();
  let isFirst = true;
  const house = new House({
    execute: async ({ stepKey, attempt }) => {
      begun.push(`${stepKey}#${attempt}`);
      return { kind: "succeeded", output: null };
    },
    intercept: (house) => async (call, run) => {
      const isHeld = call.command?.type === "attempt.lease" && isFirst;
      if (isHeld) isFirst = false;
      const value = await run();
      if (!isHeld) return value;
      await house.endLease();
      await answer.promise;
      return value;
    },
  });
  const planId = await house.begin({ a: STEP });
  await house.clock.advance(20_000);
  answer.resolve();
  await house.clock.advance(20_000);
  expect(begun).toEqual(["a#2"]);
  const events = await house.eventsOf(planId);
  expect(events.filter(({ type }) => type === "attempt.refused")).toEqual([]);
  expect(events.at(-1)?.type).toBe("plan.completed");
});
