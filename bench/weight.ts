/** What a process weighs, in megabytes. */
export interface Weight {
  /** Of memory that is its own for now; the young generation of V8, once grown, stays. */
  readonly resident: number;
  /** Objects that something still refers to, and what they own outside the heap. */
  readonly live: number;
}
