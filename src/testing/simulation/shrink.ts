import { NO_FAULTS } from "../faulty-stores.ts";
import { simulate, type SimulateOptions, type SimulationReport } from "./simulate.ts";
import { CALM_SCRIPTS, type Swarm } from "./swarm.ts";

/** A failing seed, with as little as possible of what it was, and what is left of its story. */
export interface Shrunk {
  readonly options: SimulateOptions;
  readonly report: SimulationReport;
}

/** Takes away from a failing seed, thing by thing, what it fails without. */
export async function shrink(
  report: SimulationReport,
  run: typeof simulate = simulate,
): Promise<Shrunk> {
  let shrunk: Shrunk = { options: {}, report };
  for (const without of simplerRuns(report)) {
    const options = merge(shrunk.options, without);
    const next = await run(report.seed, options);
    if (breaksTheSame(next, report)) shrunk = { options, report: next };
  }
  return shrunk;
}

function* simplerRuns({ swarm }: SimulationReport): Generator<SimulateOptions, void> {
  for (let number = 1; number <= swarm.plans; number += 1) yield { withoutPlans: [number] };
  const simpler: readonly Partial<Swarm>[] = [
    { faults: NO_FAULTS },
    { waveFaultRate: 0 },
    { crashMs: null },
    { stopMs: null },
    { drainMs: null },
    { partitionMs: null },
    { clockJumpMs: null },
    { skewMsMax: 0 },
    { operatorMs: null },
    { processes: Math.min(2, swarm.processes) },
    { processes: 1 },
    { store: "memory" },
    { scripts: CALM_SCRIPTS },
  ];
  for (const less of simpler) yield { swarm: less };
  for (const kind of ["duplicate", "delay", "full", "busy", "fail-before", "fail-after"] as const) {
    yield { swarm: { faults: { ...swarm.faults, [kind]: 0 } } };
  }
}

function merge(options: SimulateOptions, without: SimulateOptions): SimulateOptions {
  const { swarm = {}, withoutPlans = [] } = options;
  return {
    swarm: { ...swarm, ...without.swarm },
    withoutPlans: [...withoutPlans, ...(without.withoutPlans ?? [])],
  };
}

function breaksTheSame(next: SimulationReport, before: SimulationReport): boolean {
  const broken = new Set(before.violations.map(invariantOf));
  return next.violations.some((violation) => broken.has(invariantOf(violation)));
}

/** `I26` of `pln_1: I26 #7 a …`. */
function invariantOf(violation: string): string {
  return /\b[IG]\d+\b/.exec(violation)?.[0] ?? violation;
}
