import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson } from "./canonical-json.ts";
import type { Json } from "./json.ts";

const anyJson: fc.Arbitrary<Json> = fc
  .jsonValue({ maxDepth: 5, stringUnit: "binary" })
  .map((value): Json => JSON.parse(JSON.stringify(value)));

test("says the same as the value that it was made of", () => {
  fc.assert(
    fc.property(anyJson, (value) => {
      expect(JSON.parse(canonicalJson(value))).toEqual(value);
    }),
  );
});

test("is one text for one value, in whatever order its keys were written", () => {
  fc.assert(
    fc.property(anyJson, (value) => {
      expect(canonicalJson(reversed(value))).toBe(canonicalJson(value));
    }),
  );
});

test("writes its own text again as it stands", () => {
  fc.assert(
    fc.property(anyJson, (value) => {
      const text = canonicalJson(value);
      expect(canonicalJson(JSON.parse(text))).toBe(text);
    }),
  );
});

test("sorts keys by code units, at every depth, without white space", () => {
  const value = { b: 1, a: { "\u{1f600}": 1, "\ufb33": 2, "": 3 }, B: [{ d: null, c: true }] };
  const sorted = '{"B":[{"c":true,"d":null}],"a":{"":3,"\u{1f600}":1,"\ufb33":2},"b":1}';
  expect(canonicalJson(value)).toBe(sorted);
});

test.each<[Json, string]>([
  [-0, "0"],
  [1e21, "1e+21"],
  [0.000001, "0.000001"],
  [1e-7, "1e-7"],
  [333_333_333.333_333_3, "333333333.3333333"],
  ['\u20ac$\u000f\nA\'B"\\\\"/', String.raw`"€$\u000f\nA'B\"\\\\\"/"`],
  ["\ud800", String.raw`"\ud800"`],
])("writes %j as ECMAScript does", (value, text) => {
  expect(canonicalJson(value)).toBe(text);
});

test("leaves out keys that have no value", () => {
  expect(canonicalJson({ b: undefined, a: 1, c: undefined })).toBe('{"a":1}');
  expect(canonicalJson({ a: undefined })).toBe("{}");
});

function reversed(value: Json): Json {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(reversed);
  const entries = Object.entries(value).map(([key, member]): [string, Json] => [
    key,
    reversed(member ?? null),
  ]);
  return Object.fromEntries(entries.toReversed());
}
