import type { Figure } from "./figure.ts";

/** Something that is carried out and measured. */
export interface Workload {
  readonly name: string;
  readonly about: string;
  run(options: BenchOptions): Promise<readonly Figure[]>;
}

export interface BenchOptions {
  readonly runs: number;
  /** Small sizes, to see that everything works: the figures say nothing. */
  readonly short: boolean;
}
