import { describe, expect, test } from "vitest";
import { TEST_PURE } from "../../testing/given.ts";
import { snapshotPlan } from "../../testing/snapshot-plan.ts";
import { Trial } from "../trial.test-helper.ts";
import { describe as tell, eventTypes } from "./describe.ts";
import { EVENT_VERSIONS } from "./event-versions.ts";
import type { PlanEvent } from "./event.ts";
import { evolve } from "./evolve.ts";

const begin = () => new Trial({ a: {}, b: { needs: ["a"] } }, { pure: TEST_PURE });

/** An event as a later release may write it after those of a plan. */
const later = (trial: Trial, changes: object): PlanEvent => {
  const { version } = trial.plan;
  const seq = version + 1;
  return { ...trial.last("plan.started"), id: `pln_1/${seq}`, seq, ...changes };
};

describe("an event of a later release", () => {
  test.each([
    ["a type that is new", { type: "plan.starred" }, "no event of that type"],
    ["a name that every object has", { type: "constructor" }, "no event of that type"],
    ["a known type in a newer shape", { type: "plan.paused", v: 2 }, "shapes up to 1"],
  ])("is not remembered: %s", (_what, changes, known) => {
    const trial = begin();
    const event = later(trial, changes);
    const before = snapshotPlan(trial.plan);
    expect(() => evolve(trial.plan, event, () => trial.revision)).toThrow(
      `${event.id} is ${event.type} in shape ${event.v}, and this release knows ${known}`,
    );
    expect(snapshotPlan(trial.plan)).toBe(before);
  });

  test("does not make a plan either", () => {
    const trial = begin();
    const event = { ...trial.last("plan.created"), v: 2 } as unknown as PlanEvent;
    expect(() => evolve(null, event, () => trial.revision)).toThrow("pln_1/1 is plan.created");
  });

  test("is told by its type", () => {
    const event = later(begin(), { type: "plan.starred" });
    expect(tell(event)).toBe("plan.starred, as a later release calls it");
  });
});

test("every type of event is written in the newest shape that is remembered", () => {
  expect(Object.keys(EVENT_VERSIONS)).toEqual(eventTypes());
  for (const { type, v } of begin().events) expect(v).toBe(EVENT_VERSIONS[type]);
});
