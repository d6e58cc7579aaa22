import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { durationMs, formatDuration, parseDuration } from "./duration.ts";

const DAY_MS = 86_400_000;

test.each([
  ["250ms", 250],
  ["1s", 1000],
  ["1.5s", 1500],
  ["90s", 90_000],
  ["10m", 600_000],
  ["1h30m", 5_400_000],
  ["2d12h", 216_000_000],
  ["0s", 0],
  ["3650d", 3650 * DAY_MS],
])("%s lasts %d ms", (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
  expect(durationMs(text)).toBe(ms);
});

test.each(["", "10", "m", "10 m", "10M", "-1s", "1h 30m", "1s!", "1e3s", "soon", "3651d", ".5s"])(
  "%j is no duration",
  (text) => {
    expect(parseDuration(text)).toBeNull();
    expect(() => durationMs(text)).toThrow(`not a duration: ${text}`);
  },
);

describe("a duration that is shown", () => {
  test.each([
    [0, "0ms"],
    [999, "999ms"],
    [1500, "1.5s"],
    [59_999, "59.999s"],
    [90_000, "1m30s"],
    [90_400, "1m30s"],
    [3_600_000, "1h"],
    [90_061_000, "1d1h1m1s"],
  ])("%d ms is %s", (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  test("reads back as the same one, to the second from a minute on", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3650 * DAY_MS }), (ms) => {
        const exact = ms < 60_000 ? ms : Math.round(ms / 1000) * 1000;
        expect(parseDuration(formatDuration(ms))).toBe(Math.min(exact, 3650 * DAY_MS));
      }),
    );
  });
});
