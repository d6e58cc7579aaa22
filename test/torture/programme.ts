import { availableParallelism } from "node:os";
import { Chance } from "../../src/testing/chance.ts";
import { deafToDrain, deafToTimeout } from "./scenario/deaf-command.ts";
import { drained } from "./scenario/drained.ts";
import { fullDisk, fullDiskDrained, fullFiles } from "./scenario/full-disk.ts";
import { killedEffects } from "./scenario/killed-effects.ts";
import { killedOften } from "./scenario/killed-often.ts";
import { killedOnce } from "./scenario/killed-once.ts";
import { pausedOwner } from "./scenario/paused-owner.ts";
import type { Result, Scenario } from "./scenario/scenario.ts";

export interface ProgrammeOptions {
  readonly seed: number;
  /** A hundred kills in a few minutes. */
  readonly short: boolean;
  /** Runs that are killed once; as many as the programme has if not said. */
  readonly runs?: number;
  /** Called after each run. */
  readonly onRun: (run: Run, done: number, all: number) => void;
}

/** One run of one scenario, and what came of it. */
export interface Run {
  readonly scenario: Scenario;
  /** Counted from 1 within its scenario; with the seed it names all that was drawn. */
  readonly number: number;
  readonly result: Result;
  readonly ms: number;
}

/** Carries out every scenario as often as the programme says, a few runs at a time. */
export async function carryOutProgramme(options: ProgrammeOptions): Promise<readonly Run[]> {
  const waiting = programmeOf(options).flatMap(([scenario, times]) =>
    Array.from({ length: times }, (_, index) => ({ scenario, number: index + 1 })),
  );
  const all = waiting.length;
  const runs: Run[] = [];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const began = performance.now();
      const { scenario, number } = next;
      const result = await scenario.run(new Chance(options.seed, scenario.name, number));
      const run = { scenario, number, result, ms: performance.now() - began };
      runs.push(run);
      options.onRun(run, runs.length, all);
    }
  };
  await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, work));
  return runs;
}

/** The longest first: they mostly wait. */
function programmeOf({ short, runs }: ProgrammeOptions): readonly (readonly [Scenario, number])[] {
  return [
    [pausedOwner, 1],
    [deafToDrain, 1],
    [fullDiskDrained, 1],
    [deafToTimeout, 1],
    [killedOften(40), 1],
    [fullDisk, short ? 1 : 5],
    [fullFiles, short ? 1 : 5],
    [killedEffects, short ? 10 : 25],
    [drained, short ? 2 : 10],
    [killedOnce, runs ?? (short ? 60 : 100)],
  ];
}
