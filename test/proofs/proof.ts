import type { Json } from "../../src/core/json.ts";
import type { TestDatabase } from "../postgres/create-database-on.ts";

/** A promise of the Postgres store that random work at many places at once is to break. */
export interface Proof {
  readonly name: string;
  readonly about: string;
  /** What is counted, and how much of it there is in a full run and in one of seconds. */
  readonly unit: string;
  readonly full: number;
  readonly short: number;
  run(order: ProofOrder): Promise<ProofResult>;
}

export interface ProofOrder {
  /** Names all that is drawn. */
  readonly seed: number;
  readonly amount: number;
  /** As a superuser, on a server on which nobody else writes for long. */
  readonly createDatabase: () => Promise<TestDatabase>;
  /** Hears how far it is. */
  readonly tell: (done: number) => void;
}

export interface ProofResult {
  readonly figures: Readonly<Record<string, Json>>;
  /** What did not hold, and what was not tried although the proof rests on it. */
  readonly faults: readonly string[];
}

/** What a proof rests on, by name; those that never happened are faults: nothing was tried. */
export function missingOf(happened: Readonly<Record<string, number>>): readonly string[] {
  return Object.entries(happened)
    .filter(([, times]) => !(times > 0))
    .map(([what]) => `nothing was tried: ${what} never happened`);
}
