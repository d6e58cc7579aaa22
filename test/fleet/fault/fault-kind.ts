import type { Chance } from "../../../src/testing/chance.ts";

/** What can be done to a fleet, again and again. */
export interface FaultKind {
  readonly name: FaultName;
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

/** What counts as one of each: what has been seen to have happened, not what was tried. */
export const PROOFS: Readonly<Record<FaultName, string>> = {
  "server stopped": "ended by an immediate stop, and came back on the same files",
  "backend terminated": "pg_terminate_backend waited until its process was gone",
  "commit cut": "the server said COMMIT to what changed rows; its client had been cut off",
  "connection half open": "bytes were swallowed while both ends stayed open",
  "worker stopped": "stood still (T) until others had ended its lease, and then went on",
  "worker killed": "ended by SIGKILL",
};
