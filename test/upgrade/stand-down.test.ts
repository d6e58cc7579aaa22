import { expect, test } from "vitest";
import type { StepDocument } from "../../src/core/plan/document.ts";
import { StoreFault } from "../../src/store/store.ts";
import { House } from "../engine/house.ts";

const STEP: StepDocument = { do: "command", with: { argv: ["make"] }, effect: "repeatable" };
const RENEWAL_MS = 5000;

test("G18: a worker for whose release the store has become too new lets go at its next renewal, and begins anew only where that is taken back", async () => {
  const begun: string[] = [];
  const cut: string[] = [];
  let isTooNew = false;
  const house = new House({
    execute: ({ stepKey, attempt }, { signal }) => {
      begun.push(`${stepKey}#${attempt}`);
      if (attempt > 1) return Promise.resolve({ kind: "succeeded", output: null });
      return new Promise((resolve) => {
        signal.addEventListener("abort", () => {
          cut.push(stepKey);
          resolve({ kind: "succeeded", output: null });
        });
      });
    },
    intercept: () => async (call, run) => {
      const isWritten = call.operation === "commit" || call.operation.endsWith("Lease");
      if (isTooNew && isWritten) throw new StoreFault("too-new", "0009-later.sql was done");
      return run();
    },
  });
  const planId = await house.begin({ a: STEP });
  await house.clock.advance(1000);
  expect(begun).toEqual(["a#1"]);
  const before = await house.eventsOf(planId);

  isTooNew = true;
  await house.clock.advance(RENEWAL_MS);
  expect(cut).toEqual(["a"]);
  expect(house.engine.worker.free).toBe(0);
  await house.clock.advance(120_000);
  expect(await house.eventsOf(planId)).toEqual(before);

  isTooNew = false;
  await house.clock.advance(20_000);
  expect(begun).toEqual(["a#1", "a#2"]);
  expect((await house.eventsOf(planId)).at(-1)?.type).toBe("plan.completed");
});
