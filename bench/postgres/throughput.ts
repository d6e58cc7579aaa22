import { judge, type Figure, type Target } from "../figure.ts";
import { repeat } from "../repeat.ts";
import type { BenchOptions } from "../workload.ts";
import type { BenchServer } from "./bench-server.ts";
import { withFleet, type Fleet } from "./fleet.ts";
import { PROCESSES } from "./postgres-workload.ts";
import { besideRaw, ROWS_OF_A_STEP, type RawOptions } from "./raw-transactions.ts";

export interface Throughput {
  readonly workload: string;
  readonly what: string;
  /** Steps that were carried out, and in how many milliseconds. */
  readonly measure: (fleet: Fleet) => Promise<{ readonly steps: number; readonly ms: number }>;
  /** Connections of the raw transactions beside it. */
  readonly connections: number;
}

/** Steps per second by fleets of 1, 2 and 4 processes, each beside raw transactions in turn. */
export async function measureThroughput(
  { workload, what, measure, connections }: Throughput,
  options: BenchOptions,
  server: BenchServer,
): Promise<Figure[]> {
  const figures: Figure[] = [];
  const raw: RawOptions = {
    connections,
    way: "in turn",
    rows: ROWS_OF_A_STEP,
    ms: options.short ? 20 : 300,
  };
  for (const processes of PROCESSES) {
    const measured = await withFleet(server, { processes }, (fleet) =>
      repeat(options, () => besideRaw(fleet.url, raw, () => perSecond(measure(fleet)))),
    );
    figures.push({
      workload,
      what: `${what}, ${processes} ${processes === 1 ? "process" : "processes"}`,
      unit: "steps/s",
      values: measured.map(({ value }) => value),
      limit: {
        what: `BEGIN … COMMIT/s of ${connections}`,
        values: measured.map((one) => one.raw),
      },
      judged: "ratio",
      target: null,
    });
  }
  return figures;
}

/** The figures, of which the one that comes furthest is judged. */
export function judgeBest(figures: readonly Figure[], target: Target): readonly Figure[] {
  const [best] = figures.toSorted((left, right) => judge(right).judged - judge(left).judged);
  return figures.map((figure) => (figure === best ? { ...figure, target } : figure));
}

async function perSecond(
  measured: Promise<{ readonly steps: number; readonly ms: number }>,
): Promise<number> {
  const { steps, ms } = await measured;
  return (steps / ms) * 1000;
}
