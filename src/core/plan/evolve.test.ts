import { describe, expect, test } from "vitest";
import { TEST_PURE } from "../../testing/given.ts";
import { snapshotPlan } from "../../testing/snapshot-plan.ts";
import { leaseOf } from "../step/lease-next.ts";
import { Trial } from "../trial.test-helper.ts";
import type { PlanEvent } from "./event.ts";
import { evolve, fold } from "./evolve.ts";

const busy = () => {
  const trial = new Trial({ a: {}, b: { forEach: "[1, 2]" } }, { pure: TEST_PURE });
  trial.fail("a", { retryable: true });
  return trial;
};

describe("remembering", () => {
  test("all events again gives the plan as it is", () => {
    const trial = busy();
    const plan = fold(trial.events, () => trial.revision);
    expect(plan && snapshotPlan(plan)).toBe(snapshotPlan(trial.plan));
  });

  test("nothing gives no plan", () => {
    expect(fold([], () => busy().revision)).toBeNull();
  });

  test("begins with the making of the plan", () => {
    const trial = busy();
    const [, second] = trial.events;
    const early = () => second && evolve(null, second, () => trial.revision);
    expect(early).toThrow("pln_1/2 comes before plan.created");
  });

  test("takes an event of an older log that says less", () => {
    const trial = new Trial({ a: {} }, { pure: TEST_PURE });
    trial.lease();
    const head = {
      id: "pln_1/9",
      seq: 9,
      v: 1,
      time: "2026-01-01T00:00:00.000Z",
      tenantId: "acme",
    } as const;
    const event: PlanEvent = {
      ...head,
      planId: "pln_1",
      actor: { kind: "worker", id: "wrk_1" },
      type: "attempt.failed",
      stepKey: "a",
      attempt: 1,
      data: { error: { code: "x", message: "", retryable: true } },
    };
    const plan = evolve(trial.plan, event, () => trial.revision);
    expect(plan.steps.get("a")).toMatchObject({ failures: 1, outcomeDigest: null });
  });
});

test("a lease can be made again of the event that told it", () => {
  const trial = new Trial(
    { a: { with: { n: 1 } }, b: { with: { n: "${{ 1 + 1 }}" } } },
    { pure: TEST_PURE },
  );
  trial.lease();
  const [first, second] = trial.leases;
  const { plan } = trial;
  expect(leaseOf(plan, plan, { stepKey: "a", attempt: 1 })).toMatchObject({ input: first?.input });
  const input = { n: 2 };
  expect(leaseOf(plan, plan, { stepKey: "b", attempt: 1, input })).toMatchObject({
    input: second?.input,
  });
});
