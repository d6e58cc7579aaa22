import { fanDocument } from "./documents.ts";
import { besideRawCommits } from "./limits.ts";
import { addPlan, timePlans, withPlanwright } from "./open-bench.ts";
import type { Workload } from "./workload.ts";

/** One step, a thousand side by side, and one that needs them all. */
export const fan: Workload = {
  name: "fan",
  about: "1 + 1,000 + 1 steps in one plan, 32 at once",
  run: async ({ runs, short }) => {
    const width = short ? 50 : 1000;
    const values: number[] = [];
    const raw: number[] = [];
    for (let run = 0; run < runs; run += 1) {
      const beside = await besideRawCommits(short ? 100 : 500, () => stepsPerSecond(width));
      values.push(beside.value);
      raw.push(beside.raw);
    }
    return [
      {
        workload: "fan",
        what: "fan of parallel steps",
        unit: "steps/s",
        values,
        limit: { what: "raw single-row commits/s", values: raw },
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
