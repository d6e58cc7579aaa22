import type { Run } from "./programme.ts";
import type { Scenario } from "./scenario/scenario.ts";

/** What came of one scenario, over all its runs. */
export interface ScenarioSummary {
  readonly about: string;
  readonly runs: number;
  readonly failed: number;
  /** Why it could not be run here; null where it was. */
  readonly notRun: string | null;
  /** The sum over its runs; the largest where its name begins with `most`. */
  readonly figures: Readonly<Record<string, number>>;
  readonly longestMs: number;
  readonly faults: readonly string[];
}

/** What came of each scenario, by its name. */
export function summarise(runs: readonly Run[]): Readonly<Record<string, ScenarioSummary>> {
  const byScenario = Map.groupBy(runs, ({ scenario }) => scenario);
  return Object.fromEntries(
    [...byScenario].map(([scenario, its]) => [scenario.name, summariseOne(scenario, its)]),
  );
}

function summariseOne(scenario: Scenario, runs: readonly Run[]): ScenarioSummary {
  const notRun = runs.find(({ result }) => result.notRun !== undefined)?.result.notRun ?? null;
  const figures = addUp(runs);
  const missing = notRun === null ? scenario.mustHappen.filter((name) => !figures[name]) : [];
  return {
    about: scenario.about,
    runs: runs.length,
    failed: runs.filter(({ result }) => result.faults.length > 0).length + missing.length,
    notRun,
    figures,
    longestMs: Math.round(Math.max(...runs.map(({ ms }) => ms))),
    faults: [
      ...runs.flatMap(({ number, result }) => result.faults.map((fault) => `#${number}: ${fault}`)),
      ...missing.map((name) => `nothing was tried: "${name}" is 0 over all runs`),
    ],
  };
}

function addUp(runs: readonly Run[]): Readonly<Record<string, number>> {
  const sums: Record<string, number> = {};
  for (const { result } of runs) {
    for (const [name, figure] of Object.entries(result.figures)) {
      const sum = sums[name] ?? 0;
      sums[name] = name.startsWith("most ") ? Math.max(sum, figure) : sum + figure;
    }
  }
  return sums;
}
