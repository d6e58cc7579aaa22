import { expect, test } from "vitest";
import { given } from "./given.ts";
import { snapshotPlan } from "./snapshot-plan.ts";

const begun = () =>
  given({
    plan: "Two at once",
    policy: { approval: "none" },
    steps: { a: { do: "agent" }, b: { do: "agent", priority: 1 } },
  }).after({ type: "plan.submit" }, { type: "plan.start" });

test("two plans that have gone the same way look the same", () => {
  expect(snapshotPlan(begun().plan)).toBe(snapshotPlan(begun().plan));
});

test("whatever a plan remembers shows", () => {
  const before = begun();
  const texts = [
    before,
    before.after({ type: "plan.pause" }),
    before.after({ type: "signal.deliver", name: "green", payload: 1 }),
    before.after({ type: "signal.deliver", name: "green", payload: 2 }),
    before.after({ type: "step.skip", stepKey: "a", reason: "no" }),
    before.after({ type: "step.skip", stepKey: "b", reason: "no" }),
  ].map(({ plan }) => snapshotPlan(plan));
  expect(new Set(texts).size).toBe(texts.length);
});
