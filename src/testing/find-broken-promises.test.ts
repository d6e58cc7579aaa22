import { expect, test } from "vitest";
import type { PlanEvent } from "../core/plan/event.ts";
import { findBrokenPromises } from "./find-broken-promises.ts";
import { given, TEST_PURE } from "./given.ts";

const offer = {
  workerId: "wrk_1",
  slots: 1,
  pools: ["default"],
  capabilities: new Set(["agent"]),
  idle: true,
};

const done = given({
  plan: "Count",
  steps: { count: { do: "agent", output: { type: "integer" } } },
}).after(
  { type: "plan.submit" },
  { type: "plan.approve", by: "person", start: true },
  { type: "signal.deliver", name: "go", payload: null, key: "once" },
  { type: "attempt.lease", offer },
  {
    type: "attempt.report",
    stepKey: "count",
    attempt: 1,
    workerId: "wrk_1",
    outcome: { kind: "succeeded", output: 3 },
    chance: 0,
  },
);

function broken(events: readonly PlanEvent[]): readonly string[] {
  return [...findBrokenPromises(events, done.revision, TEST_PURE)];
}

test("a history as it should be breaks nothing", () => {
  expect(broken(done.events)).toEqual([]);
});

test("an output that does not fit is found", () => {
  const events = done.events.map((event) =>
    event.type === "step.succeeded"
      ? { ...event, data: { ...event.data, output: "three" } }
      : event,
  );
  expect(broken(events)).toEqual([expect.stringMatching(/^G3 #\d+ an output that does not fit/)]);
});

test("what a person recorded by hand is not judged", () => {
  const events = done.events.map((event) =>
    event.type === "step.succeeded"
      ? { ...event, data: { output: "three", manual: { note: "counted" } } }
      : event,
  );
  expect(broken(events)).toEqual([]);
});

test("a signal that is taken twice under one key is found", () => {
  const signal = done.events.filter(({ type }) => type === "signal.received");
  expect(broken([...done.events, ...signal])).toEqual([expect.stringMatching(/^G16/)]);
});

test("an agent's approval is found", () => {
  const events = done.events.map((event) => ({
    ...event,
    actor: { kind: "agent" as const, id: "robot" },
  }));
  expect(broken(events)).toEqual([
    expect.stringContaining("an agent's request.decided"),
    expect.stringContaining("an agent's plan.approved"),
  ]);
});
