import fc from "fast-check";
import { expect, test } from "vitest";
import { jsonBytes } from "./json-size.ts";

test("a value is as large as its JSON in UTF-8", () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: "binary" }), (value) => {
      const json = JSON.parse(JSON.stringify(value));
      expect(jsonBytes(json)).toBe(new TextEncoder().encode(JSON.stringify(json)).length);
    }),
    { numRuns: 50 },
  );
});

test.each([
  ["a", 3],
  ["é", 4],
  ["€", 5],
  ["\u{1f600}", 6],
  ["\ud800", 8],
  [{ a: [1, null] }, 14],
])("%j takes %d bytes", (value, bytes) => {
  expect(jsonBytes(value)).toBe(bytes);
});
