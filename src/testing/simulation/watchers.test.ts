import { expect, test } from "vitest";
import { given } from "../given.ts";
import { checkTranscripts } from "./watchers.ts";

const ended = given({
  plan: "Nothing to do",
  policy: { approval: "none" },
  steps: { a: { do: "agent" } },
}).after({ type: "plan.submit" }, { type: "plan.start" }, { type: "plan.cancel", mode: "stop" });
const kept = { planId: ended.plan.id, chain: [], ...ended };
const all = ended.events.map(({ seq }) => seq);

function check(shown: readonly number[]): readonly string[] {
  return checkTranscripts(new Map([[kept.planId, shown]]), [kept]);
}

test("a transcript from the first event to the last is whole", () => {
  expect(check(all)).toEqual([]);
});

test("an event that is missing, shown twice or shown too early is found", () => {
  const [first = 0, second = 0, third = 0, ...rest] = all;
  expect(check([first, third, ...rest])).toEqual([expect.stringContaining("shown 3 after 1")]);
  expect(check([first, first, second])).toEqual([expect.stringContaining("shown 1 after 1")]);
  expect(check([first, third, second, ...rest])).toHaveLength(1);
});

test("a transcript that breaks off before the plan's end is found", () => {
  expect(check(all.slice(0, -1))).toEqual([expect.stringMatching(/was shown \d+ of \d+/)]);
});

test("what came after the end may be missed", () => {
  const late = { ...ended.events[0], seq: all.length + 1, type: "attempt.refused" };
  const events = [...ended.events, late as (typeof ended.events)[number]];
  expect(checkTranscripts(new Map([[kept.planId, all]]), [{ ...kept, events }])).toEqual([]);
});
