import { setTimeout as pause } from "node:timers/promises";
import type { Chance } from "../../../src/testing/chance.ts";
import type { Witness } from "../witness/witness.ts";
import type { Spawned } from "./spawned.ts";
import { until } from "./until.ts";

/** When a process is to die: so long after its steps have written so many lines. */
export interface KillMoment {
  readonly afterLines: number;
  readonly thenMs: number;
}

const PATIENCE_MS = 60_000;

export interface MomentRange {
  /** Lines of its steps, at the least and at the most. */
  readonly least: number;
  readonly most: number;
  /** The longest step. */
  readonly stepMs: number;
}

/**
 * A random moment in the life of a process. Counted in what its steps have done, not in time alone:
 * a slow machine would be killed in its first steps only. One in eight dies before its first step.
 */
export function drawMoment(chance: Chance, { least, most, stepMs }: MomentRange): KillMoment {
  if (chance.happens(0.125, "early")) {
    return { afterLines: 0, thenMs: chance.between(0, 600, "early ms") };
  }
  return {
    afterLines: chance.between(least, most, "lines"),
    thenMs: chance.between(0, stepMs, "then"),
  };
}

/** kill -9 at that moment; false where the process had ended before. */
export async function killAt(
  spawned: Spawned,
  witness: Witness,
  moment: KillMoment,
): Promise<boolean> {
  const goal = witness.read().length + moment.afterLines;
  const look = () => spawned.exit !== null || witness.read().length >= goal || null;
  await until(`${moment.afterLines} lines of steps of ${spawned.title}`, PATIENCE_MS, look);
  await pause(moment.thenMs);
  spawned.kill("SIGKILL");
  return (await spawned.ended(PATIENCE_MS)).signal === "SIGKILL";
}
