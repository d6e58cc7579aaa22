/** A seed that found something, kept for ever. */
export interface NamedSeed {
  readonly seed: number;
  /** What it once broke. */
  readonly broke: string;
}

export const SEEDS: readonly NamedSeed[] = [
  {
    seed: 290,
    broke: "a worker lost its leases when reading them again failed; the steps ran for ever",
  },
  {
    seed: 310,
    broke: "a command that was put on record after its attempt had been taken over",
  },
  {
    seed: 1043,
    broke: "work that gave nothing rested by the wall clock: set back, it rested as long again",
  },
  {
    seed: 3039,
    broke:
      "a wave that had been committed was sent again by the store, and its leases went nowhere",
  },
];
