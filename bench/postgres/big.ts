import { linesDocument } from "../documents.ts";
import type { PostgresWorkload } from "./postgres-workload.ts";
import { withFleet, type Fleet } from "./fleet.ts";

const LINES = 10;

/** Whether a step costs more because its plan has many others. */
export const big: PostgresWorkload = {
  name: "big",
  about: "10 rows of steps: one plan of 100,000 beside plans of 100, one after the other",
  run: async ({ runs, short }, server) => {
    const steps = short ? 2000 : 100_000;
    const values: number[] = [];
    const small: number[] = [];
    for (let run = 0; run < Math.min(runs, 3); run += 1) {
      await withFleet(server, { processes: 1 }, async (fleet) => {
        small.push(await msPerStep(fleet, 100, short ? 5 : 100));
        values.push(await msPerStep(fleet, steps, 1));
      });
    }
    return [
      {
        workload: "big",
        what: `a step in a plan of ${steps.toLocaleString("en")}`,
        unit: "ms",
        values,
        limit: { what: "in a plan of 100, ms", values: small },
        judged: "ratio",
        target: { bound: "at most", number: 1.5 },
      },
    ];
  },
};

async function msPerStep(fleet: Fleet, steps: number, plans: number): Promise<number> {
  const planIds: string[] = [];
  for (let plan = 0; plan < plans; plan += 1) {
    planIds.push(await fleet.add(linesDocument(LINES, steps / LINES)));
  }
  let ms = 0;
  for (const planId of planIds) ms += await fleet.time([planId]);
  return ms / (steps * plans);
}
