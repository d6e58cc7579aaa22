import fc from "fast-check";
import { expect, test } from "vitest";
import { nearest } from "./nearest.ts";

test.each([
  ["depoly", ["test", "deploy", "delay"], "deploy"],
  ["Deploy", ["test", "deploy"], "deploy"],
  ["tset", ["rest", "test", "best"], "test"],
  ["ab", ["ac", "xyz"], "ac"],
  ["publish", ["build", "test"], null],
  ["x", [], null],
  ["x".repeat(65), ["x".repeat(64)], null],
])("%s among %j is %j", (name, known, found) => {
  expect(nearest(name, known)).toBe(found);
});

const word = fc.stringMatching(/^[a-c]{0,6}$/);

test("nothing known is nearer than what is found, and what is far is not offered", () => {
  fc.assert(
    fc.property(word, fc.array(word, { maxLength: 8 }), (name, known) => {
      const found = nearest(name, known);
      const distances = known.map((candidate) => distance(name, candidate));
      const least = Math.min(...distances);
      const allowed = Math.max(1, Math.floor(name.length / 3));
      expect(found === null ? null : distance(name, found)).toBe(least > allowed ? null : least);
    }),
    { numRuns: 500 },
  );
});

test("a name is compared with a thousand others at most", () => {
  const known = Array.from({ length: 1001 }, (_, index) => (index === 1000 ? "deploy" : "zzzzzz"));
  expect(nearest("depoly", known)).toBeNull();
  expect(nearest("depoly", known.slice(1))).toBe("deploy");
});

/** By the definition, without a table. */
function distance(left: string, right: string): number {
  if (left === "" || right === "") return left.length + right.length;
  const [a, b, ...restOfLeft] = left;
  const [c, d, ...restOfRight] = right;
  const isSwap = b !== undefined && a === d && b === c;
  return Math.min(
    distance(left.slice(1), right.slice(1)) + (a === c ? 0 : 1),
    distance(left.slice(1), right) + 1,
    distance(left, right.slice(1)) + 1,
    isSwap ? distance(restOfLeft.join(""), restOfRight.join("")) + 1 : Infinity,
  );
}
