import { expect, test } from "vitest";
import { hasEnded, pendingStep, STEP_STATUSES, waitingStep } from "./step.ts";

test("a step that nothing has happened to has not ended, and does not wait", () => {
  const step = pendingStep("a", 5);
  expect(hasEnded(step)).toBe(false);
  expect(() => waitingStep(step)).toThrow("a is pending, not waiting");
});

test("a step has one of eight statuses, four of them its end", () => {
  const base = pendingStep("a", 5);
  const ended = STEP_STATUSES.filter((status) => hasEnded({ ...base, status } as typeof base));
  expect(STEP_STATUSES).toHaveLength(8);
  expect(ended).toEqual(["succeeded", "failed", "skipped", "cancelled"]);
});
