import { describe, expect, test } from "vitest";
import { NUMBER_MAX, readPlace, XID_MAX } from "./read-place.ts";

describe("SEC-22: a place in a list", () => {
  test("is as many numbers as the list is ordered by", () => {
    expect(readPlace("1.2", [NUMBER_MAX, NUMBER_MAX])).toEqual(["1", "2"]);
    expect(readPlace(`0.${XID_MAX}.${NUMBER_MAX}`, [NUMBER_MAX, XID_MAX, NUMBER_MAX])).toEqual([
      "0",
      String(XID_MAX),
      String(NUMBER_MAX),
    ]);
  });

  test.each([
    "",
    "1",
    "1.2.3",
    "1.",
    ".1",
    "1.-2",
    "1.2e3",
    "1. 2",
    "1.0x2",
    `1.${"9".repeat(21)}`,
  ])("is not %j", (cursor) => {
    expect(() => readPlace(cursor, [NUMBER_MAX, NUMBER_MAX])).toThrow(
      expect.objectContaining({
        code: "bad-cursor",
        message: expect.stringContaining("begin again without one"),
      }),
    );
  });

  test("has no number above its maximum", () => {
    expect(() => readPlace(`${NUMBER_MAX + 1n}.1`, [NUMBER_MAX, NUMBER_MAX])).toThrow(
      expect.objectContaining({ code: "bad-cursor" }),
    );
  });
});
