import { expect, test } from "vitest";
import type { Json } from "../json.ts";
import { isSameJson } from "./is-same-json.ts";

test.each<[Json, Json]>([
  [
    { a: 1, b: [1, { c: null }] },
    { b: [1, { c: null }], a: 1 },
  ],
  [[], []],
  ["a", "a"],
  [null, null],
])("%j says the same as %j", (left, right) => {
  expect(isSameJson(left, right)).toBe(true);
});

test.each<[Json, Json]>([
  [{ a: 1 }, { a: 2 }],
  [{ a: 1 }, { a: 1, b: null }],
  [{ a: 1, b: null }, { a: 1 }],
  [
    [1, 2],
    [2, 1],
  ],
  [[1], [1, 1]],
  [[], {}],
  [{}, []],
  [null, {}],
  ["1", 1],
])("%j does not say the same as %j", (left, right) => {
  expect(isSameJson(left, right)).toBe(false);
});
