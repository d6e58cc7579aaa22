import type { Timestamp } from "./plan/event.ts";

const DAY_MS = 86_400_000;
/** From 0000-03-01, where a 400-year era begins, to 1970-01-01. */
const DAYS_BEFORE_EPOCH = 719_468;
const DAYS_PER_ERA = 146_097;

/** The last one written: events of one decision share their time. */
let lastMs = 0;
let lastText: Timestamp = "1970-01-01T00:00:00.000Z";

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
  /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:[Zz]|[+-]\d{2}:\d{2})$/;
/** 0000-01-01T00:00:00.000Z to 9999-12-31T23:59:59.999Z: what four digits of a year can say. */
const FIRST_MS = -62_167_219_200_000;
const LAST_MS = 253_402_300_799_999;

/** Milliseconds since 1970 of RFC 3339 text; null where it is none, or falls outside the years 0 to 9999. */
export function parseTimestamp(text: string): number | null {
  if (!PATTERN.test(text)) return null;
  const zoneAt = text.length - (text.endsWith("Z") || text.endsWith("z") ? 1 : 6);
  const days = daysIn(text.slice(0, 10));
  const clock = clockMs(text.slice(11, zoneAt));
  const offset = offsetMs(text.slice(zoneAt));
  if (days === null || clock === null || offset === null) return null;
  const ms = days * DAY_MS + clock - offset;
  return ms < FIRST_MS || ms > LAST_MS ? null : ms;
}

/** Milliseconds of a timestamp that we wrote ourselves. */
export function timeOf(text: Timestamp): number {
  if (text === lastText) return lastMs;
  const ms = parseTimestamp(text);
  if (ms === null) throw new RangeError(`not a timestamp: ${text}`);
  return ms;
}

/** Days since 1970 of `2026-01-31`; null where the calendar has no such day. */
function daysIn(date: string): number | null {
  const month = Number(date.slice(5, 7));
  const day = Number(date.slice(8, 10));
  if (month < 1 || month > 12 || day < 1) return null;
  const days = daysOf(Number(date.slice(0, 4)), month, day);
  // The 30th of February would be counted on into March.
  return civilDate(days).day === day ? days : null;
}

/** Milliseconds since midnight of `09:00`, `09:00:00` or `09:00:00.000`. */
function clockMs(clock: string): number | null {
  const hours = Number(clock.slice(0, 2));
  const minutes = Number(clock.slice(3, 5));
  const seconds = Number(clock.slice(6, 8));
  if (hours > 23 || minutes > 59 || seconds > 59) return null;
  const ms = Number(clock.slice(9, 12).padEnd(3, "0"));
  return hours * 3_600_000 + minutes * 60_000 + seconds * 1000 + ms;
}

/** Milliseconds that `+02:00` is ahead of UTC. */
function offsetMs(zone: string): number | null {
  if (zone.length === 1) return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(4, 6));
  if (hours > 23 || minutes > 59) return null;
  return (zone.startsWith("-") ? -1 : 1) * (hours * 60 + minutes) * 60_000;
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
