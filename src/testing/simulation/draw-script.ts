import type { Lease } from "../../core/step/lease.ts";
import type { Chance } from "../chance.ts";
import type { ScriptRates } from "./swarm.ts";

export type ScriptEnding =
  | "succeed"
  | "partial"
  | "unfit"
  | "fail-before"
  | "fail-for-good"
  | "throw"
  | "ambiguous"
  | "hang"
  | "die-before"
  | "die-after";

/** How one attempt is going to go. */
export interface Script {
  readonly ending: ScriptEnding;
  /** Before, until and after its effect. */
  readonly leadMs: number;
  readonly actMs: number;
  readonly restMs: number;
  /** It goes on although it is told to stop. */
  readonly ignoresAbort: boolean;
  readonly value: number;
  readonly checksPass: boolean;
}

/** Drawn anew for each attempt, so that what failed may do better. */
export function drawScript(chance: Chance, lease: Lease, rates: ScriptRates): Script {
  const wholeMs = lease.timeoutMs * rates.slowness * 1.4 * chance.draw("time");
  const part = (name: string): number => Math.ceil((wholeMs / 3) * 2 * chance.draw(name));
  return {
    ending: drawEnding(chance, rates),
    leadMs: part("lead"),
    actMs: part("act"),
    restMs: part("rest"),
    // A command that is told to stop is ended, whether it listens or not.
    ignoresAbort: lease.document.do !== "command" && chance.happens(rates.ignoreAbort, "ignores"),
    value: chance.between(rates.unfit > 0 ? -3 : 1, 20, "value"),
    checksPass: rates.unfit === 0 || chance.happens(0.7, "checks"),
  };
}

function drawEnding(chance: Chance, rates: ScriptRates): ScriptEnding {
  const ends: readonly (readonly [ScriptEnding, number])[] = [
    ["fail-before", rates.fail],
    ["fail-for-good", rates.failForGood],
    ["throw", rates.throw],
    ["ambiguous", rates.ambiguous],
    ["hang", rates.hang],
    ["die-before", rates.die / 2],
    ["die-after", rates.die / 2],
    ["unfit", rates.unfit],
    ["partial", rates.partial],
  ];
  return ends.find(([ending, rate]) => chance.happens(rate, "ends", ending))?.[0] ?? "succeed";
}
