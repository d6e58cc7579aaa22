import { chainDocument } from "./documents.ts";
import { besideRawCommits } from "./limits.ts";
import { addPlan, timePlans, withPlanwright } from "./open-bench.ts";
import { repeat } from "./repeat.ts";
import type { Workload } from "./workload.ts";

const STEPS = 10;

/** Many plans at once, each a chain. */
export const many: Workload = {
  name: "many",
  about: "200 plans of 10 steps in a row, started at once",
  run: async (options) => {
    const plans = options.short ? 10 : 200;
    const commits = options.short ? 100 : 500;
    const measured = await repeat(options, () =>
      besideRawCommits(commits, () => stepsPerSecond(plans)),
    );
    return [
      {
        workload: "many",
        what: "many small plans",
        unit: "steps/s",
        values: measured.map(({ value }) => value),
        limit: { what: "raw single-row commits/s", values: measured.map(({ raw }) => raw) },
        judged: "ratio",
        target: { bound: "at least", number: 2 },
      },
    ];
  },
};

function stepsPerSecond(plans: number): Promise<number> {
  return withPlanwright(async (planwright) => {
    const documents = Array.from({ length: plans }, () => chainDocument(STEPS));
    const planIds = await Promise.all(documents.map((one) => addPlan(planwright, one)));
    const ms = await timePlans(planwright, planIds);
    return ((plans * STEPS) / ms) * 1000;
  });
}
