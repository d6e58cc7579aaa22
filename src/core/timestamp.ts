import type { Timestamp } from "./plan/event.ts";

const DAY_MS = 86_400_000;
/** From 0000-03-01, where a 400-year era begins, to 1970-01-01. */
const DAYS_BEFORE_EPOCH = 719_468;
const DAYS_PER_ERA = 146_097;

let lastMs = Number.NaN;
let lastText = "";

/**
 * Milliseconds since 1970 as RFC 3339 text in UTC. By calendar arithmetic, since the core has no
 * clock (days to civil date after H. Hinnant, "chrono-Compatible Low-Level Date Algorithms").
 */
export function formatTimestamp(ms: number): Timestamp {
  if (ms === lastMs) return lastText;
  const days = Math.floor(ms / DAY_MS);
  const rest = ms - days * DAY_MS;
  const { year, month, day } = civilDate(days);
  lastMs = ms;
  lastText =
    `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}T${pad(Math.floor(rest / 3_600_000), 2)}:` +
    `${pad(Math.floor(rest / 60_000) % 60, 2)}:${pad(Math.floor(rest / 1000) % 60, 2)}.${pad(rest % 1000, 3)}Z`;
  return lastText;
}

const PATTERN =
  /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?([Zz]|[+-]\d{2}:\d{2})$/;

/** Milliseconds since 1970 of RFC 3339 text; null where it is none. */
export function parseTimestamp(text: string): number | null {
  const match = PATTERN.exec(text);
  if (match === null) return null;
  const [, year, month, day, hour, minute, second, fraction, zone] = match;
  const fields = [month, day, hour, minute, second ?? "0"].map(Number);
  const [m = 0, d = 0, h = 0, min = 0, s = 0] = fields;
  if (m < 1 || m > 12 || d < 1 || d > 31 || h > 23 || min > 59 || s > 59) return null;
  const days = daysOf(Number(year), m, d);
  const back = civilDate(days);
  if (back.month !== m) return null;
  const ms = Number((fraction ?? "0").padEnd(3, "0").slice(0, 3));
  return days * DAY_MS + h * 3_600_000 + min * 60_000 + s * 1000 + ms - offsetMs(zone ?? "Z");
}

/** Milliseconds of a timestamp that we wrote ourselves. */
export function timeOf(text: Timestamp): number {
  const ms = parseTimestamp(text);
  if (ms === null) throw new RangeError(`not a timestamp: ${text}`);
  return ms;
}

function offsetMs(zone: string): number {
  if (zone === "Z" || zone === "z") return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6));
  return (zone.startsWith("-") ? -minutes : minutes) * 60_000;
}

function civilDate(daysSinceEpoch: number): { year: number; month: number; day: number } {
  const shifted = daysSinceEpoch + DAYS_BEFORE_EPOCH;
  const era = Math.floor(shifted / DAYS_PER_ERA);
  const dayOfEra = shifted - era * DAYS_PER_ERA;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1,
  };
}

function daysOf(year: number, month: number, day: number): number {
  const shiftedYear = month <= 2 ? year - 1 : year;
  const era = Math.floor(shiftedYear / 400);
  const yearOfEra = shiftedYear - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra =
    yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * DAYS_PER_ERA + dayOfEra - DAYS_BEFORE_EPOCH;
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, "0");
}
