import { expect, test } from "vitest";
import { TEST_PURE } from "../testing/given.ts";
import { Trial } from "./trial.test-helper.ts";

test("a trial that leaves the lawful way is told at once, with what it broke", () => {
  const trial = new Trial({ a: {} }, { pure: TEST_PURE });
  trial.succeed("a");
  const report = trial.reportOf("a", { kind: "succeeded", output: null });
  expect(report).toMatchObject({ attempt: 1, workerId: "wrk_1" });
  trial.events.push(trial.last("step.succeeded"));
  expect(() => trial.check()).toThrow("I3 at");
  expect(() => trial.must({ type: "plan.start" })).toThrow("I3 at");
});

test("a wish that is refused is no success", () => {
  const trial = new Trial({ a: {} }, { pure: TEST_PURE });
  expect(() => trial.must({ type: "plan.submit" })).toThrow(
    "plan.submit was refused: the plan is executing",
  );
  expect(() => trial.request("a")).toThrow("an open request of a");
  expect(() => trial.last("plan.failed")).toThrow("plan.failed");
});
