import { expect, test } from "vitest";
import { TakeCount, type LimitRecord } from "./check-limits.ts";

const ROW: LimitRecord = {
  tenantId: "acme",
  key: "tenant",
  max: 5,
  used: 0,
  stopped: null,
  changes: 3,
};
const POOL: LimitRecord = { ...ROW, tenantId: null, key: "pool:gpu" };
const BUDGET: LimitRecord = { ...ROW, key: "budget:attempts" };

function event(type: string, stepKey: string, takes?: readonly string[]): string {
  return JSON.stringify({ type, stepKey, data: takes === undefined ? {} : { takes } });
}

function found(logs: readonly (readonly string[])[], ...rows: readonly LimitRecord[]): string[] {
  const count = new TakeCount();
  for (const log of logs) count.add("acme", log);
  return [...count.differences(rows, rows)];
}

test("what attempts under way have taken is counted over all plans", () => {
  const log = [
    event("attempt.started", "a", ["pool:gpu", "tenant"]),
    event("check.passed", "a"),
    event("attempt.started", "b", ["tenant"]),
    event("step.succeeded", "b"),
  ];
  expect(found([log, log], { ...ROW, used: 2 }, { ...POOL, used: 2 })).toEqual([]);
  expect(found([log, log], ROW, POOL)).toEqual([
    "the limit tenant of tenant acme says that 0 are taken, the plans' logs 2",
    "the limit pool:gpu says that 0 are taken, the plans' logs 2",
  ]);
});

test("whatever ends an attempt gives back, but a budget", () => {
  for (const end of ["attempt.failed", "attempt.lost", "step.cancelled", "step.failed"]) {
    const log = [event("attempt.started", "a", ["budget:attempts", "tenant"]), event(end, "a")];
    expect(found([log], ROW, { ...BUDGET, used: 1 })).toEqual([]);
  }
});

test("what has changed since the logs were read says nothing", () => {
  const count = new TakeCount();
  count.add("acme", [event("attempt.started", "a", ["tenant"])]);
  expect([...count.differences([ROW], [{ ...ROW, changes: 4 }])]).toEqual([]);
  expect([...count.differences([], [ROW])]).toEqual([]);
  expect([...count.differences([ROW], [ROW])]).toHaveLength(1);
});
