import type { PartRun } from "../disturb.ts";
import type { AttemptSpan } from "./commit-times.ts";

/** A run that does nothing proves nothing: each window of each part has its work. */
export function findStandstills(
  parts: readonly PartRun[],
  attempts: readonly AttemptSpan[],
): readonly string[] {
  const ends = attempts
    .filter(({ end }) => end === "step.succeeded")
    .map(({ until }) => until ?? 0);
  return parts.flatMap(({ part, from, until }) => {
    const windows = Math.max(1, Math.floor((until - from) / part.windowMs));
    const length = (until - from) / windows;
    return Array.from({ length: windows }, (_, index) => from + index * length)
      .filter((start) => !ends.some((at) => at >= start && at < start + length))
      .map(
        (start) =>
          `${part.name}: nothing was done in ${Math.round(length)} ms from ${Math.round(start - from)} ms on`,
      );
  });
}
