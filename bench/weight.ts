/** What a process weighs, in megabytes. */
export interface Weight {
  /** Of memory that is its own for now; what V8 has grown its heap to, it keeps. */
  readonly resident: number;
  /** Objects that something still refers to, and what they own outside the heap. */
  readonly live: number;
}

/** What a process weighs that takes plans in. */
export interface Weights {
  /** The store is open, and nothing has happened yet. */
  readonly opened: Weight;
  /** As many plans have come and have ended. */
  readonly grown: Weight;
  /** They are there, and wait. */
  readonly full: Weight;
}
