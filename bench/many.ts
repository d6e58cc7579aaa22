import { chainDocument } from "./documents.ts";
import { besideRawCommits } from "./limits.ts";
import { addPlan, timePlans, withPlanwright } from "./open-bench.ts";
import type { Workload } from "./workload.ts";

const STEPS = 10;

/** Many plans at once, each a chain. */
export const many: Workload = {
  name: "many",
  about: "200 plans of 10 steps in a row, started at once",
  run: async ({ runs, short }) => {
    const plans = short ? 10 : 200;
    const values: number[] = [];
    const raw: number[] = [];
    for (let run = 0; run < runs; run += 1) {
      const beside = await besideRawCommits(short ? 100 : 500, () => stepsPerSecond(plans));
      values.push(beside.value);
      raw.push(beside.raw);
    }
    return [
      {
        workload: "many",
        what: "many small plans",
        unit: "steps/s",
        values,
        limit: { what: "raw single-row commits/s", values: raw },
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
