import { expect, test } from "vitest";
import type { PlanDocument } from "../core/plan/document.ts";
import { createPlanwright } from "../create-planwright.ts";
import { defineTool } from "../executor/tool/define-tool.ts";
import { createFakeClock } from "./create-fake-clock.ts";

test("a backoff of an hour takes no time", async () => {
  const clock = createFakeClock();
  const times: number[] = [];
  const flaky = defineTool({
    name: "flaky",
    effect: "repeatable",
    execute: async () => {
      times.push(clock.now());
      if (times.length === 1) throw new Error("not yet");
      return "done";
    },
  });
  const opening = createPlanwright({ store: ":memory:", runtime: clock.runtime, tools: [flaky] });
  await clock.settle();
  const planwright = await opening;
  const document: PlanDocument = {
    plan: "Try again",
    policy: { approval: "none", retry: { attempts: 2, first: "1h", max: "1h" } },
    steps: { a: { do: "tool", owner: "flaky" } },
  };
  const submitting = planwright.submit(document, { start: true });
  await clock.settle();
  await submitting;
  await clock.advance(3_600_000);
  expect(times).toHaveLength(2);
  expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(1_800_000);
  const closing = planwright[Symbol.asyncDispose]();
  await clock.advance(60_000);
  await closing;
});
