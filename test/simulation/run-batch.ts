import { simulate, type SimulationReport } from "../../src/testing/simulation/simulate.ts";
import { Sightings } from "../../src/testing/simulation/sightings.ts";

export interface BatchOptions {
  readonly from: number;
  readonly seeds: number;
  /** Stops at the first seed that fails. */
  readonly untilFailure?: boolean;
  readonly onSeed?: (report: SimulationReport) => void;
}

/** What a row of seeds came to. */
export interface Batch {
  readonly seeds: number;
  readonly failed: readonly SimulationReport[];
  /** Seeds that gave another log when they were run again. */
  readonly unrepeatable: readonly number[];
  readonly events: number;
  readonly plans: number;
  readonly simulatedMs: number;
  readonly sightings: Sightings;
}

/** One in a hundred is run twice: the same seed must give the same log. */
const REPEATED = 100;

export async function runBatch(options: BatchOptions): Promise<Batch> {
  const failed: SimulationReport[] = [];
  const unrepeatable: number[] = [];
  const sightings = new Sightings();
  let [seeds, events, plans, simulatedMs] = [0, 0, 0, 0];
  for (let seed = options.from; seed < options.from + options.seeds; seed += 1) {
    const report = await simulate(seed);
    seeds += 1;
    events += report.events;
    plans += report.plans.length;
    simulatedMs += report.simulatedMs;
    sightings.add(report.sightings);
    if (report.violations.length > 0) failed.push(report);
    else if (seed % REPEATED === 0 && (await simulate(seed)).digest !== report.digest) {
      unrepeatable.push(seed);
    }
    options.onSeed?.(report);
    if (options.untilFailure === true && failed.length > 0) break;
  }
  return { seeds, failed, unrepeatable, events, plans, simulatedMs, sightings };
}

/** What a seed broke, and what had happened by then, in a few lines. */
export function tellFailure({ seed, violations, story }: SimulationReport): string {
  return [`seed ${seed}:`, ...violations.slice(0, 5), "…", ...story.slice(-12)].join("\n  ");
}
