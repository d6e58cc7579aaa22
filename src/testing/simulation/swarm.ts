import type { Chance } from "../chance.ts";
import type { LimitKey } from "../../core/shared/limit-key.ts";
import { NO_FAULTS, type FaultRates } from "../faulty-stores.ts";

/** How often scripted executors do what an executor should not. */
export interface ScriptRates {
  readonly fail: number;
  readonly failForGood: number;
  readonly throw: number;
  readonly ambiguous: number;
  readonly hang: number;
  readonly ignoreAbort: number;
  readonly die: number;
  readonly unfit: number;
  readonly partial: number;
  /** How much of its timeout an attempt usually takes, 0 to 1 and beyond. */
  readonly slowness: number;
}

/** At most so many attempts at once. */
export interface Cap {
  readonly key: LimitKey;
  readonly max: number;
}

/** What one seed is like: some are calm, some are vicious, each in its own way. */
export interface Swarm {
  readonly store: "sqlite" | "memory";
  /** Whether the store holds next to no plan in memory, and folds them again and again. */
  readonly forgets: boolean;
  readonly plans: number;
  /** Limits that all plans share. */
  readonly caps: readonly Cap[];
  readonly stepsMax: number;
  readonly processes: number;
  readonly chaosMs: number;
  /** The processes share one machine, and can end what a dead one left running there. */
  readonly sameHost: boolean;
  readonly skewMsMax: number;
  readonly faults: FaultRates;
  /** Of the database below the store: waves that fail as a whole. */
  readonly waveFaultRate: number;
  readonly scripts: ScriptRates;
  /** About how long a process goes without each of these; null: it does not come. */
  readonly crashMs: number | null;
  readonly stopMs: number | null;
  readonly drainMs: number | null;
  /** The last of several processes, once it is gone, never comes back. */
  readonly lastStaysAway: boolean;
  readonly partitionMs: number | null;
  readonly clockJumpMs: number | null;
  /** About how long an operator goes without doing something. */
  readonly operatorMs: number | null;
}

export const CALM_SCRIPTS: ScriptRates = {
  fail: 0,
  failForGood: 0,
  throw: 0,
  ambiguous: 0,
  hang: 0,
  ignoreAbort: 0,
  die: 0,
  unfit: 0,
  partial: 0,
  slowness: 0.05,
};

const CAPPED = ["tenant", "pool:heavy", "owner:command"] as const;

export function drawSwarm(chance: Chance): Swarm {
  const sometimes = (rate: number, most: number, name: string): number =>
    chance.happens(rate, name, "at all") ? chance.draw(name) * most : 0;
  const every = (rate: number, least: number, most: number, name: string): number | null =>
    chance.happens(rate, name, "at all") ? chance.between(least, most, name) : null;
  return {
    store: chance.happens(0.5, "store") ? "sqlite" : "memory",
    forgets: chance.happens(0.3, "forgets"),
    plans: chance.between(1, 6, "plans"),
    caps: CAPPED.filter((key) => chance.happens(0.2, "cap", key)).map((key) => ({
      key,
      max: chance.between(1, 3, "cap", key),
    })),
    stepsMax: chance.pick([3, 6, 8], "steps"),
    processes: chance.pick([1, 1, 2, 2, 3], "processes"),
    chaosMs: chance.between(20_000, 120_000, "chaos"),
    sameHost: chance.happens(0.5, "same host"),
    skewMsMax: chance.pick([0, 0, 500, 8000], "skew"),
    faults: drawFaults(chance.of("faults")),
    waveFaultRate: sometimes(0.4, 0.1, "wave faults"),
    scripts: {
      fail: sometimes(0.6, 0.4, "fail"),
      failForGood: sometimes(0.3, 0.15, "fail for good"),
      throw: sometimes(0.3, 0.2, "throw"),
      ambiguous: sometimes(0.4, 0.25, "ambiguous"),
      hang: sometimes(0.4, 0.2, "hang"),
      ignoreAbort: sometimes(0.5, 0.6, "ignore abort"),
      die: sometimes(0.35, 0.7, "die"),
      unfit: sometimes(0.4, 0.3, "unfit"),
      partial: sometimes(0.4, 0.3, "partial"),
      slowness: chance.pick([0.05, 0.3, 0.9, 0.9], "slowness"),
    },
    crashMs: every(0.5, 6000, 60_000, "crash"),
    stopMs: every(0.5, 5000, 40_000, "stop"),
    drainMs: every(0.3, 10_000, 60_000, "drain"),
    lastStaysAway: chance.happens(0.3, "stays away"),
    partitionMs: every(0.3, 10_000, 60_000, "partition"),
    clockJumpMs: every(0.2, 5000, 40_000, "clock jump"),
    operatorMs: every(0.8, 700, 8000, "operator"),
  };
}

function drawFaults(chance: Chance): FaultRates {
  if (chance.happens(0.3, "none")) return NO_FAULTS;
  const rate = (most: number, name: string): number =>
    chance.happens(0.5, name, "at all") ? chance.draw(name) * most : 0;
  return {
    "fail-before": rate(0.1, "before"),
    "fail-after": rate(0.1, "after"),
    busy: rate(0.05, "busy"),
    full: rate(0.02, "full"),
    delay: rate(0.3, "delay"),
    duplicate: rate(0.1, "duplicate"),
    delayMsMax: chance.pick([20, 300, 4000], "delay time"),
  };
}
