import { fanDocument } from "./documents.ts";
import { besideRawCommits } from "./limits.ts";
import { addPlan, timePlans, withPlanwright } from "./open-bench.ts";
import { repeat } from "./repeat.ts";
import type { Workload } from "./workload.ts";

/** One step, a thousand side by side, and one that needs them all. */
export const fan: Workload = {
  name: "fan",
  about: "1 + 1,000 + 1 steps in one plan, 32 at once",
  run: async (options) => {
    const width = options.short ? 50 : 1000;
    const commits = options.short ? 100 : 500;
    const measured = await repeat(options, () =>
      besideRawCommits(commits, () => stepsPerSecond(width)),
    );
    return [
      {
        workload: "fan",
        what: "fan of parallel steps",
        unit: "steps/s",
        values: measured.map(({ value }) => value),
        limit: { what: "raw single-row commits/s", values: measured.map(({ raw }) => raw) },
        judged: "ratio",
        target: { bound: "at least", number: 2 },
      },
    ];
  },
};

function stepsPerSecond(width: number): Promise<number> {
  return withPlanwright(async (planwright) => {
    const planId = await addPlan(planwright, fanDocument(width));
    const ms = await timePlans(planwright, [planId]);
    return ((width + 2) / ms) * 1000;
  });
}
