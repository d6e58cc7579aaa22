import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatTimestamp, parseTimestamp, timeOf } from "./timestamp.ts";

const FIRST_MS = new Date("0000-01-01T00:00:00.000Z").getTime();
const LAST_MS = new Date("9999-12-31T23:59:59.999Z").getTime();
const anyMs = fc.integer({ min: FIRST_MS, max: LAST_MS });

describe("a time that is written", () => {
  test("reads as the clock of the machine would write it", () => {
    fc.assert(
      fc.property(anyMs, (ms) => {
        expect(formatTimestamp(ms)).toBe(new Date(ms).toISOString());
      }),
      { examples: [[0], [FIRST_MS], [LAST_MS], [951_782_400_000], [-1]] },
    );
  });

  test("comes back as the same millisecond", () => {
    fc.assert(
      fc.property(anyMs, (ms) => {
        const text = formatTimestamp(ms);
        expect(parseTimestamp(text)).toBe(ms);
        expect(timeOf(text)).toBe(ms);
      }),
    );
  });

  test("is the same text again when the same time is written twice in a row", () => {
    expect(formatTimestamp(1000)).toBe(formatTimestamp(1000));
  });
});

describe("a time that somebody wrote", () => {
  const parts = fc.record({
    year: fc.integer({ min: 1, max: 9998 }),
    month: fc.integer({ min: 0, max: 13 }),
    day: fc.integer({ min: 0, max: 32 }),
    hour: fc.integer({ min: 0, max: 24 }),
    minute: fc.integer({ min: 0, max: 60 }),
    second: fc.integer({ min: 0, max: 60 }),
    fraction: fc.stringMatching(/^(?:\.\d{1,9})?$/),
    zone: fc.constantFrom("Z", "+00:00", "-00:00", "+02:00", "-09:30", "+23:59"),
  });

  test("is understood exactly where the calendar has such a moment", () => {
    fc.assert(
      fc.property(parts, ({ year, month, day, hour, minute, second, fraction, zone }) => {
        const text = `${pad(year, 4)}-${pad(month)}-${pad(day)}T${pad(hour)}:${pad(minute)}:${pad(second)}${fraction}${zone}`;
        const exists =
          month >= 1 &&
          month <= 12 &&
          day >= 1 &&
          day <= new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate() &&
          hour < 24 &&
          minute < 60 &&
          second < 60;
        expect(parseTimestamp(text)).toBe(exists ? new Date(text).getTime() : null);
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ["2026-01-31T09:00:00Z", "2026-01-31T09:00:00.000Z"],
    ["2026-01-31t09:00:00z", "2026-01-31T09:00:00.000Z"],
    ["2026-01-31 09:00Z", "2026-01-31T09:00:00.000Z"],
    ["2026-01-31T09:00:00.5+02:00", "2026-01-31T07:00:00.500Z"],
    ["2026-01-31T23:30:00.123999-01:00", "2026-02-01T00:30:00.123Z"],
    ["2024-02-29T00:00:00Z", "2024-02-29T00:00:00.000Z"],
  ])("%s is %s", (text, utc) => {
    expect(parseTimestamp(text)).toBe(new Date(utc).getTime());
  });

  test.each([
    "",
    "tomorrow",
    "2026-01-31",
    "2026-01-31T09:00:00",
    "2026-02-29T00:00:00Z",
    "2026-04-31T00:00:00Z",
    "2026-00-10T00:00:00Z",
    "2026-13-10T00:00:00Z",
    "2026-01-00T00:00:00Z",
    "2026-01-31T24:00:00Z",
    "2026-01-31T09:60:00Z",
    "2026-12-31T23:59:60Z",
    "2026-01-31T09:00:00+24:00",
    "2026-01-31T09:00:00+02:60",
    "2026-01-31T09:00:00Z\n",
    " 2026-01-31T09:00:00Z",
  ])("%j is none", (text) => {
    expect(parseTimestamp(text)).toBeNull();
  });

  test("is none where its zone takes it out of the years that can be written", () => {
    expect(parseTimestamp("9999-12-31T23:59:59.999Z")).toBe(LAST_MS);
    expect(parseTimestamp("9999-12-31T23:59:59.999-00:01")).toBeNull();
    expect(parseTimestamp("0000-01-01T00:00:00Z")).toBe(FIRST_MS);
    expect(parseTimestamp("0000-01-01T00:00:00+00:01")).toBeNull();
  });
});

test("a time in our own log that is none is a fault, not a guess", () => {
  expect(() => timeOf("yesterday")).toThrow("not a timestamp: yesterday");
});

function pad(value: number, width = 2): string {
  return String(value).padStart(width, "0");
}
