import type { Chance } from "../../../src/testing/chance.ts";

/** What can be done to a fleet, again and again. */
export interface FaultKind {
  readonly name: FaultName;
  /** What counts as one of it: what has been seen to have happened, not what was tried. */
  readonly proof: string;
  /** How long it waits between two, on average. */
  readonly everyMs: number;
  /** How many are under way at once. */
  readonly atOnce: number;
  /** Does it; says how many times it was proven to have happened. */
  make(chance: Chance): Promise<number>;
}

export const FAULT_NAMES = [
  "server stopped",
  "backend terminated",
  "commit cut",
  "connection half open",
  "worker stopped",
  "worker killed",
] as const;
export type FaultName = (typeof FAULT_NAMES)[number];

/** How often each is to be proven. */
export type Quotas = Readonly<Record<FaultName, number>>;
