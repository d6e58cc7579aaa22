import { describe, expect, test } from "vitest";
import { DEFAULT_LIMITS } from "../core/limits.ts";
import { findJsonFaults } from "./find-json-faults.ts";
import { textLimits } from "./text/text-limits.ts";

const limits = textLimits("json", DEFAULT_LIMITS);

function found(value: unknown) {
  return findJsonFaults(value, limits).map((fault) => `${fault.code} ${fault.pointer}`);
}

describe("a value from a program (SEC-15, SEC-17, SEC-23)", () => {
  test("passes where it is JSON", () => {
    expect(
      found({ a: [1, "x", null, true, { b: {} }], c: Object.create(null), d: undefined }),
    ).toEqual([]);
  });

  test.each<[string, unknown, string]>([
    ["nothing in a list", { a: [undefined] }, "not-json /a/0"],
    ["a function", { a: () => 1 }, "not-json /a"],
    ["a symbol", [Symbol("x")], "not-json /0"],
    ["a big integer", { a: 1n }, "not-json /a"],
    ["a date", { a: new Date(0) }, "not-json /a"],
    ["a map", { a: new Map() }, "not-json /a"],
    ["no number", { a: Number.NaN }, "number-not-finite /a"],
    ["a number that is not kept", { a: 2 ** 53 }, "number-not-exact /a"],
    ["half a character", { a: "\uD800" }, "malformed-unicode /a"],
    ["a NUL", { a: "x\0" }, "nul-character /a"],
    ["a key of the language", JSON.parse('{"a": {"__proto__": 1}}'), "forbidden-key /a/__proto__"],
    ["text without end", { a: "x".repeat(1024 * 1024 + 1) }, "string-too-long /a"],
  ])("%s is refused with its place", (_name, value, fault) => {
    expect(found(value)).toEqual([fault]);
  });

  test("depth and circles come to an end", () => {
    const circle: Record<string, unknown> = {};
    circle["self"] = circle;
    expect(found(circle)).toHaveLength(1);
    let deep: unknown = 1;
    for (let level = 0; level < 100_000; level += 1) deep = [deep];
    expect(found(deep)).toHaveLength(1);
  });

  test("so do values", () => {
    const list = Array.from({ length: 3_000_000 }, () => 1);
    expect(findJsonFaults(list, limits)).toMatchObject([{ code: "too-large" }]);
  });

  test("so do keys", () => {
    const many = Object.fromEntries(Array.from({ length: 50_000 }, (_, index) => [`k${index}`, 1]));
    expect(found(many)).toHaveLength(1);
  });
});
