/** What one process of a fleet is told when it is started. */
export interface FleetOrder {
  readonly url: string;
  readonly name: string;
  readonly pools: readonly string[];
  /** Attempts under way at once. */
  readonly concurrency: number;
  /** Whether processes tell each other where there is work; else each finds out by looking. */
  readonly hints: boolean;
  /** Whether it says when steps become ready and when they begin. */
  readonly marks: boolean;
}

/** A step of some plan became ready, or began, by the clock that all processes of a machine share. */
export interface Mark {
  readonly what: "readied" | "started";
  readonly stepKey: string;
  readonly ms: number;
}
