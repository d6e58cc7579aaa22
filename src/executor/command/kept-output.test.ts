import fc from "fast-check";
import { expect, test } from "vitest";
import { fitText, jsonBytes } from "./kept-output.ts";

test("text that has room stands whole, byte order mark and all", () => {
  expect(fitText(Buffer.from("\ufeffü\r\n"), 100)).toEqual({
    text: "\ufeffü\r\n",
    truncated: false,
  });
});

test("text that has no room keeps its beginning and its end, and says how much is missing", () => {
  const { text, truncated } = fitText(Buffer.from(`first ${"x".repeat(5000)} last`), 200);
  expect(truncated).toBe(true);
  expect(text).toMatch(/^first x+\n\[… \d+ bytes …\]\nx+ last$/);
});

test("whatever the bytes are, the text is well-formed and takes no more room than there is", () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 3000 }),
    fc.string({ unit: "binary", maxLength: 1500 }).map((text) => Buffer.from(text)),
    fc
      .array(fc.constantFrom("\0", "😀", "€", "a"), { maxLength: 1500, size: "max" })
      .map((list) => Buffer.from(list.join(""))),
  );
  fc.assert(
    fc.property(bytes, fc.integer({ min: 100, max: 2000 }), (array, room) => {
      const { text } = fitText(Buffer.from(array), room);
      expect(text.isWellFormed()).toBe(true);
      expect(jsonBytes(text)).toBeLessThanOrEqual(room);
    }),
  );
});

test("a cut goes through no character", () => {
  const { text } = fitText(Buffer.from("€".repeat(1000)), 400);
  expect(text).not.toContain("\ufffd");
});
