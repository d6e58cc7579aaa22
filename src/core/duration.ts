import { known } from "./known.ts";
import type { DurationText } from "./plan/document.ts";

const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};
const PART = /(\d{1,12}(?:\.\d{1,6})?)(ms|s|m|h|d)/y;
/** Ten years: longer is a mistake. */
const LONGEST_MS = 3650 * 86_400_000;

/** Milliseconds of a written duration such as `10m` or `1h30m`; null where it is none. */
export function parseDuration(text: DurationText): number | null {
  let total = 0;
  PART.lastIndex = 0;
  while (PART.lastIndex < text.length) {
    const match = PART.exec(text);
    if (match === null) return null;
    total += Number(match[1]) * known(UNIT_MS[known(match[2], "unit")], "unit");
  }
  return text === "" || total > LONGEST_MS ? null : Math.round(total);
}

/** Milliseconds of a duration that a check has already let through. */
export function durationMs(text: DurationText): number {
  const ms = parseDuration(text);
  if (ms === null) throw new RangeError(`not a duration: ${text}`);
  return ms;
}

/** A duration as people write it: `90000` is `1m30s`. From a minute on, to the second. */
export function formatDuration(ms: number): DurationText {
  if (ms < 1000) return `${Math.round(ms)}ms`;
  if (ms < 60_000) return `${Math.round(ms) / 1000}s`;
  let rest = Math.round(ms / 1000);
  let text = "";
  for (const [unit, seconds] of [
    ["d", 86_400],
    ["h", 3600],
    ["m", 60],
    ["s", 1],
  ] as const) {
    const count = Math.floor(rest / seconds);
    rest -= count * seconds;
    if (count > 0) text += `${count}${unit}`;
  }
  return text;
}
