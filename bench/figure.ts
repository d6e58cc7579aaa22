/** One measured quantity, run by run, beside its limit from the same runs. */
export interface Figure {
  readonly workload: string;
  readonly what: string;
  readonly unit: string;
  readonly values: readonly number[];
  /** What it is held against, measured beside each value; null where the figure stands alone. */
  readonly limit: { readonly what: string; readonly values: readonly number[] } | null;
  /** What the target is about: the value, its quotient by the limit, or what it is over the limit. */
  readonly judged: "value" | "ratio" | "difference";
  /** Null: told, not judged. */
  readonly target: Target | null;
}

export interface Target {
  readonly bound: "at least" | "at most";
  readonly number: number;
}

/** A figure as its runs come to. */
export interface Verdict {
  readonly value: number;
  readonly limit: number | null;
  /** Median of what each run came to by itself; a machine's moods touch both halves of a run. */
  readonly judged: number;
  readonly holds: boolean | null;
}

/** The medians of a figure, and whether its target holds. */
export function judge(figure: Figure): Verdict {
  const { values, limit, target } = figure;
  const judged = median(values.map((value, run) => judgedOf(figure, value, run)));
  return {
    value: median(values),
    limit: limit === null ? null : median(limit.values),
    judged,
    holds: target === null ? null : isWithin(judged, target),
  };
}

/** The middle one, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  const middle = (sorted.length - 1) / 2;
  return (
    ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle)] ?? Number.NaN)) / 2
  );
}

function judgedOf({ judged, limit }: Figure, value: number, run: number): number {
  const beside = limit?.values[run] ?? Number.NaN;
  switch (judged) {
    case "value":
      return value;
    case "ratio":
      return value / beside;
    case "difference":
      return value - beside;
  }
}

function isWithin(value: number, { bound, number }: Target): boolean {
  return bound === "at least" ? value >= number : value <= number;
}
