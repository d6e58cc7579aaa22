import { expect, test } from "vitest";
import { given } from "../given.ts";
import { Sightings } from "./sightings.ts";

test("what a log shows is counted: its events and the moves of plan and steps", () => {
  const { events } = given({
    plan: "One step",
    policy: { approval: "none" },
    steps: { a: { do: "agent" } },
  }).after(
    { type: "plan.submit" },
    { type: "plan.start" },
    { type: "step.skip", stepKey: "a", reason: "no" },
  );
  const sightings = new Sightings();
  sightings.seeEvents(events);
  expect(sightings.count("event plan.started")).toBe(1);
  expect(sightings.count("plan approved → executing")).toBe(1);
  expect(sightings.count("step pending → ready")).toBe(1);
  expect(sightings.count("step ready → skipped")).toBe(1);
  expect(sightings.count("skip operator")).toBe(1);
  expect(sightings.count("step ready → running")).toBe(0);
});

test("batches add up", () => {
  const [one, other] = [new Sightings(), new Sightings()];
  one.see("process crash");
  other.see("process crash", 2);
  one.add(other);
  expect(one.entries()).toEqual([["process crash", 3]]);
});
