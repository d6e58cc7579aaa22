import { expect, test } from "vitest";
import { createPlanwright } from "../../src/create-planwright.ts";
import type { PlanDocument } from "../../src/core/plan/document.ts";

const CHAIN: PlanDocument = {
  plan: "Chain",
  policy: { approval: "none" },
  steps: {
    a: { do: "tool", owner: "std.echo" },
    b: { do: "tool", owner: "std.echo", needs: ["a"] },
  },
};

test("a listener that throws holds no step up, and is told", async () => {
  const faults: unknown[] = [];
  const onFault = (error: unknown) => faults.push(error);
  await using planwright = await createPlanwright({ store: ":memory:", onFault });
  const bug = new Error("a listener's own");
  using _listening = planwright.onCommit((events) => {
    if (events.some(({ type, stepKey }) => type === "step.succeeded" && stepKey === "a")) throw bug;
  });
  const result = await planwright.run(CHAIN);
  expect(result.ok && result.view.plan.status).toBe("completed");
  expect(faults).toEqual([bug]);
});
