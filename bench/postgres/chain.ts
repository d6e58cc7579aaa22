import { chainDocument, linesDocument } from "../documents.ts";
import type { Figure } from "../figure.ts";
import { repeat } from "../repeat.ts";
import type { BenchOptions } from "../workload.ts";
import type { BenchServer } from "./bench-server.ts";
import { withFleet, type Fleet } from "./fleet.ts";
import type { PostgresWorkload } from "./postgres-workload.ts";
import { measureThroughput } from "./throughput.ts";

/** Steps in a row: each is recorded durably before the next one begins. */
export const chain: PostgresWorkload = {
  name: "chain",
  about: "one plan of 200 steps in a row; what hints cost a commit that sends one",
  run: async (options, server) => {
    const steps = options.short ? 20 : 200;
    const measure = async (fleet: Fleet) => {
      const planId = await fleet.add(chainDocument(steps));
      return { steps, ms: await fleet.time([planId]) };
    };
    const what = "chain of steps";
    const asked = { workload: "chain", what, measure, connections: 1 };
    const figures = await measureThroughput(asked, options, server);
    const judged = figures.map((figure, index) => (index === 0 ? { ...figure, target } : figure));
    return [...judged, await costOfHints(options, server)];
  },
};

/** Of one process: in a chain the others have nothing to do. */
const target = { bound: "at least", number: 0.9 } as const;

/** Two rows of steps in one slot: each commit leaves the other row in line, and says so to a listener. */
async function costOfHints(options: BenchOptions, server: BenchServer): Promise<Figure> {
  const steps = options.short ? 10 : 100;
  const fleet = { processes: 2, concurrency: 1, pools: [["default"], ["elsewhere"]] };
  const measure = async (one: Fleet): Promise<number> => {
    const planId = await one.add(linesDocument(2, steps));
    return ((steps * 2) / (await one.time([planId]))) * 1000;
  };
  const measured = await withFleet(server, { ...fleet, hints: true }, (telling) =>
    withFleet(server, { ...fleet, hints: false }, (silent) =>
      repeat(options, async () => {
        const before = await measure(silent);
        const value = await measure(telling);
        const after = await measure(silent);
        return { value, silent: (before + after) / 2 };
      }),
    ),
  );
  return {
    workload: "chain",
    what: "two rows in one slot, each commit sends a hint",
    unit: "steps/s",
    values: measured.map(({ value }) => value),
    limit: { what: "without hints", values: measured.map(({ silent }) => silent) },
    judged: "ratio",
    target: null,
  };
}
