/** A seed that found something, kept for ever. */
export interface NamedSeed {
  readonly seed: number;
  /** What it once broke. */
  readonly broke: string;
}

/** With the generator as it is: where that changes what a seed is, its bug is looked for anew. */
export const SEEDS: readonly NamedSeed[] = [
  {
    seed: 15,
    broke: "a worker that could not read its leases again let go of them, and they ran for ever",
  },
  {
    seed: 16,
    broke: "a record of a process that could not be removed kept the outcome from being told",
  },
  {
    seed: 1347,
    broke: "a wave that stood was sent again by the store, and its leases went to nobody",
  },
];
