/** One place where a history does not hold what Planwright promises. */
export interface Violation {
  /** Its number in the table of invariants: `I1`, `I2`, … */
  readonly invariant: Invariant;
  /** What is wrong, and what would be right. */
  readonly message: string;
  /** The event at which it shows. */
  readonly seq?: number;
  readonly stepKey?: string;
}

export type Invariant = `I${number}`;

/** What one rule has to say of one event; the walk adds the place. */
export interface Finding {
  readonly invariant: Invariant;
  readonly message: string;
  /** Where it is about another step than the event. */
  readonly stepKey?: string;
}

/** A finding with its place, as far as it has one. */
export function placed(
  finding: Finding,
  place: { readonly seq?: number; readonly stepKey?: string | undefined },
): Violation {
  const stepKey = finding.stepKey ?? place.stepKey;
  return {
    invariant: finding.invariant,
    message: finding.message,
    ...(place.seq === undefined ? {} : { seq: place.seq }),
    ...(stepKey === undefined ? {} : { stepKey }),
  };
}
