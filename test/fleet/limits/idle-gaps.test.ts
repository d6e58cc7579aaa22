import { expect, test } from "vitest";
import type { CommittedEvent } from "../check/commit-times.ts";
import { idleGaps } from "./idle-gaps.ts";

function at(time: number, type: CommittedEvent["type"], stepKey: string): CommittedEvent {
  return { at: time, type, stepKey, tenantId: "acme", planId: "pln_1", attempt: 1, workerId: "w" };
}

const lengths = (events: readonly CommittedEvent[], max: number) =>
  idleGaps(events, max).map(({ ms }) => ms);

test("what is begun as soon as there is room leaves no gap", () => {
  const events = [
    at(0, "step.readied", "a"),
    at(0, "step.readied", "b"),
    at(0, "attempt.started", "a"),
    at(500, "step.succeeded", "a"),
    at(500, "attempt.started", "b"),
  ];
  expect(lengths(events, 1)).toEqual([0, 0]);
});

test("room that nobody takes for a while, though somebody waits for it, is a gap", () => {
  const events = [
    at(0, "step.readied", "a"),
    at(5, "step.readied", "b"),
    at(10, "attempt.started", "a"),
    at(500, "attempt.lost", "a"),
    at(1700, "attempt.started", "b"),
  ];
  expect(lengths(events, 1)).toEqual([10, 1200]);
  expect(lengths(events, 2)).toEqual([10, 1690]);
});

test("while nobody waits, nobody is idle", () => {
  const events = [
    at(0, "step.readied", "a"),
    at(0, "attempt.started", "a"),
    at(10, "step.succeeded", "a"),
    at(9000, "step.readied", "b"),
    at(9001, "attempt.started", "b"),
  ];
  expect(lengths(events, 1)).toEqual([0, 1]);
});
