import { fanDocument } from "../documents.ts";
import type { Fleet } from "./fleet.ts";
import type { PostgresWorkload } from "./postgres-workload.ts";
import { judgeBest, measureThroughput } from "./throughput.ts";

/** One step, a thousand side by side, and one that needs them all. */
export const fan: PostgresWorkload = {
  name: "fan",
  about: "1 + 1,000 + 1 steps in one plan, 32 at once",
  run: async (options, server) => {
    const width = options.short ? 50 : 1000;
    const measure = async (fleet: Fleet) => {
      const planId = await fleet.add(fanDocument(width));
      return { steps: width + 2, ms: await fleet.time([planId]) };
    };
    const asked = { workload: "fan", what: "fan of parallel steps", measure, connections: 8 };
    return judgeBest(await measureThroughput(asked, options, server), {
      bound: "at least",
      number: 2,
    });
  },
};
