import { expect, test } from "vitest";
import type { LeaseRow } from "../../../src/store/store.ts";
import type { TakenOut } from "../fault/worker-faults.ts";
import type { AttemptSpan } from "./commit-times.ts";
import type { Kin } from "./family-faults.ts";
import { firstLeasesOf, mostAtOnce, percentile, stirringsOf, takeOversOf } from "./spans.ts";

const attempt = (
  from: number,
  until: number | null,
  more: Partial<AttemptSpan> = {},
): AttemptSpan => ({
  tenantId: "acme",
  planId: "pln_1",
  stepKey: "a",
  attempt: 1,
  workerId: "wrk_1",
  from,
  until,
  end: until === null ? null : "step.succeeded",
  ...more,
});

const lost = { end: "attempt.lost" } as const;
const life = { life: "life-1", slot: 1, pid: 7, name: "one", ttlMs: 15_000 };
const lease = { workerId: "wrk_1", pid: 7, name: "one", beganAt: 500, endedAt: 8500 };
const leases = [
  lease,
  { ...lease, workerId: "wrk_3", beganAt: 8600, endedAt: 60_000 },
] as unknown as readonly LeaseRow[];
const killed: TakenOut = { life, how: "killed", at: 1000, succeeded: false };

test("a take-over lasts from when a worker was taken out until what it held was lost to it", () => {
  const attempts = [attempt(900, 9000, lost), attempt(800, 950), attempt(900, 5000)];
  const found = takeOversOf([killed], attempts, leases, []);
  expect(found.map(({ ms, ttlMs }) => [ms, ttlMs])).toEqual([[8000, 15_000]]);
});

test("what others held, and what a successor of the same name took at once, is no take-over", () => {
  const attempts = [attempt(900, 9000, { ...lost, workerId: "wrk_2" })];
  expect(takeOversOf([killed], attempts, leases, [])).toEqual([]);
  const succeeded = { ...killed, succeeded: true };
  expect(takeOversOf([succeeded], [attempt(900, 9000, lost)], leases, [])).toEqual([]);
});

test("what a worker that went on held under its next lease is not of the take-over", () => {
  const attempts = [attempt(8700, 60_000, { ...lost, workerId: "wrk_3" })];
  expect(takeOversOf([killed], attempts, leases, [])).toEqual([]);
});

test("the time in which the server was not there does not count", () => {
  const outages = [
    { from: 500, until: 1500 },
    { from: 8000, until: 99_000 },
  ];
  const found = takeOversOf([killed], [attempt(900, 9000, lost)], leases, outages);
  expect(found.map(({ ms }) => ms)).toEqual([6500]);
});

test("the first lease after each outage is found, unless the server was stopped again before", () => {
  const outages = [
    { from: 0, until: 100 },
    { from: 200, until: 300 },
  ];
  const found = firstLeasesOf(outages, [attempt(90, null), attempt(350, null), attempt(400, null)]);
  expect(found.map(({ ms, what }) => [ms, what])).toEqual([[50, "outage 2"]]);
});

test("a cancelled family is still when the last attempt of any of its plans has begun", () => {
  const kin = ["pln_1", "pln_2", "pln_3", "pln_4"].map((planId, index): Kin => {
    const parent = index === 0 ? null : { planId: `pln_${index}`, stepKey: "x", depth: index };
    return { planId, parent, status: "cancelled", ended: new Set(), heard: new Map() };
  });
  const cancel = { tenantId: "acme", planId: "pln_2", at: 1000 };
  const begun = [
    attempt(1100, null, { planId: "pln_4" }),
    attempt(1500, null, { planId: "pln_1" }),
    attempt(900, null, { planId: "pln_2" }),
  ];
  expect(stirringsOf([cancel], begun, kin).map(({ ms }) => ms)).toEqual([100]);
});

test("the most attempts at once are counted, one that ends as another begins being over", () => {
  const attempts = [attempt(0, 10), attempt(5, 20), attempt(10, 30), attempt(40, null)];
  expect(mostAtOnce(attempts)).toBe(2);
});

test("a percentile is one of the spans, and nothing where there are none", () => {
  const spans = [30, 10, 20].map((ms) => ({ ms, what: "" }));
  expect([percentile(spans, 0.5), percentile(spans, 1), percentile([], 1)]).toEqual([20, 30, null]);
});
