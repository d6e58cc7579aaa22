import type { PlanDocument } from "planwright";
import { layeredDocument } from "./layered-document.ts";
import { addPlan, timePlans, withPlanwright } from "./open-bench.ts";
import type { Workload } from "./workload.ts";

/** How near a plan comes to the shortest time that its needs allow. */
export const makespan: Workload = {
  name: "makespan",
  about: "20 layers of 10 steps of 5 to 200 ms, each needing 1 to 3 of the layer before",
  run: async ({ runs, short }) => {
    const { document, criticalMs } = layeredDocument(short);
    const values: number[] = [];
    for (let run = 0; run < runs; run += 1) values.push(await wallMs(document));
    return [
      {
        workload: "makespan",
        what: "makespan with free slots",
        unit: "ms",
        values,
        limit: { what: "critical path, ms", values: values.map(() => criticalMs) },
        judged: "ratio",
        target: { bound: "at most", number: 1.02 },
      },
    ];
  },
};

function wallMs(document: PlanDocument): Promise<number> {
  const run = { concurrency: 256 };
  return withPlanwright(async (planwright) => {
    const planId = await addPlan(planwright, document);
    return await timePlans(planwright, [planId]);
  }, run);
}
