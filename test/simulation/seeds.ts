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
    seed: 27,
    broke: "work that a clock that was ahead had readied waited until that time had come",
  },
  {
    seed: 84,
    broke: "an executor that broke in the middle of what happens once was let loose again",
  },
  {
    seed: 347,
    broke: "a worker that had lost its lease, and did not know, let a command go",
  },
  {
    seed: 1347,
    broke: "a wave that stood was sent again by the store, and its leases went to nobody",
  },
];
