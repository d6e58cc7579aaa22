import { expect, test } from "vitest";
import type { PartRun } from "../disturb.ts";
import type { AttemptSpan } from "./commit-times.ts";
import { findStandstills } from "./standstills.ts";

const part = { part: { name: "calm", windowMs: 1000 }, from: 10_000, until: 13_500 };
const parts = [part] as unknown as readonly PartRun[];

function done(...times: readonly number[]): readonly AttemptSpan[] {
  return times.map((until) => ({ until, end: "step.succeeded" }) as unknown as AttemptSpan);
}

test("a part in which work was done all the time is no standstill", () => {
  expect(findStandstills(parts, done(10_500, 11_500, 13_000))).toEqual([]);
});

test("a part in which nothing was done for a while is found, and when that was", () => {
  expect(findStandstills(parts, done(10_500, 13_000))).toEqual([
    "calm: nothing was done in 1167 ms from 1167 ms on",
  ]);
  expect(findStandstills(parts, [])).toHaveLength(3);
});
