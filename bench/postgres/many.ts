import { chainDocument } from "../documents.ts";
import type { Fleet } from "./fleet.ts";
import type { PostgresWorkload } from "./postgres-workload.ts";
import { judgeBest, measureThroughput } from "./throughput.ts";

const STEPS = 10;

/** Many plans at once, each a chain. */
export const many: PostgresWorkload = {
  name: "many",
  about: "200 plans of 10 steps in a row, started at once",
  run: async (options, server) => {
    const plans = options.short ? 10 : 200;
    const measure = async (fleet: Fleet) => {
      const documents = Array.from({ length: plans }, () => chainDocument(STEPS));
      const planIds = await Promise.all(documents.map((one) => fleet.add(one)));
      return { steps: plans * STEPS, ms: await fleet.time(planIds) };
    };
    const asked = { workload: "many", what: "many small plans", measure, connections: 8 };
    return judgeBest(await measureThroughput(asked, options, server), {
      bound: "at least",
      number: 2,
    });
  },
};
