import { expect, test } from "vitest";
import { HistoryWriter } from "./history-writer.ts";

const plan = () => new HistoryWriter({ steps: { a: {} } }).begin();

test("numbers without gaps, times that grow and one owner are lawful", () => {
  expect(plan().pass(5).run("a").pass(5).complete().faults()).toEqual([]);
});

test("I1: a gap in the numbers is found", () => {
  const log = plan().tell("step.readied", {}, { stepKey: "a", seq: 7, id: "pln_1/7" });
  expect(log.faults()).toEqual(["I1 a"]);
});

test("I1: a number told twice is found", () => {
  const log = plan().tell("step.readied", {}, { stepKey: "a", seq: 4, id: "pln_1/4" });
  expect(log.faults()).toEqual(["I1 a"]);
});

test("I1: time that goes back is found", () => {
  expect(plan().pass(-1).ready("a").faults()).toEqual(["I1 a"]);
});

test("I1: a time that is not UTC with milliseconds is found", () => {
  const log = plan().tell("step.readied", {}, { stepKey: "a", time: "2030-01-01T00:00:00+01:00" });
  expect(log.faults()).toEqual(["I1 a"]);
});

test("I19: an event that calls itself otherwise than its place is found", () => {
  expect(plan().tell("plan.paused", {}, { id: "pln_1/99" }).faults()).toEqual(["I19 -"]);
});

test("I19: an event of another plan is found", () => {
  const log = plan().tell("plan.paused", {}, { planId: "pln_2", id: "pln_2/5" });
  expect(log.faults()).toEqual(["I19 -"]);
});

test("I28: an event of another tenant is found", () => {
  expect(plan().tell("plan.paused", {}, { tenantId: "globex" }).faults()).toEqual(["I28 -"]);
});
