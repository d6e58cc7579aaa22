import type { Figure } from "../figure.ts";
import { layeredDocument } from "../layered-document.ts";
import { withFleet } from "./fleet.ts";
import { PROCESSES, type PostgresWorkload } from "./postgres-workload.ts";

/** How near a plan comes to the shortest time that its needs allow. */
export const makespan: PostgresWorkload = {
  name: "makespan",
  about: "20 layers of 10 steps of 5 to 200 ms, each needing 1 to 3 of the layer before",
  run: async ({ runs, short }, server) => {
    const { document, criticalMs } = layeredDocument(short);
    const figures: Figure[] = [];
    for (const processes of PROCESSES) {
      const values = await withFleet(server, { processes, concurrency: 256 }, async (fleet) => {
        const times: number[] = [];
        for (let run = 0; run < runs; run += 1) {
          times.push(await fleet.time([await fleet.add(document)]));
        }
        return times;
      });
      figures.push({
        workload: "makespan",
        what: `makespan with free slots, ${processes} ${processes === 1 ? "process" : "processes"}`,
        unit: "ms",
        values,
        limit: { what: "critical path, ms", values: values.map(() => criticalMs) },
        judged: "ratio",
        target: { bound: "at most", number: 1.03 },
      });
    }
    return figures;
  },
};
