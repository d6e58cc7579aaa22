import fc from "fast-check";
import { expect, test } from "vitest";
import { findCycle } from "./find-cycle.ts";

const KEYS = ["a", "b", "c", "d", "e", "f"];
const anyEdges = fc
  .array(fc.uniqueArray(fc.constantFrom(...KEYS), { maxLength: 3 }), { minLength: 6, maxLength: 6 })
  .map((targets) => new Map(KEYS.map((key, index) => [key, targets[index] ?? []])));

test("a circle is found exactly where taking away what waits for nothing leaves something", () => {
  fc.assert(
    fc.property(anyEdges, (edges) => {
      expect(findCycle(edges) !== null).toBe(peeled(edges).length > 0);
    }),
    { numRuns: 500 },
  );
});

test("each step of a circle waits for the one before it, and the first for the last", () => {
  fc.assert(
    fc.property(anyEdges, (edges) => {
      const cycle = findCycle(edges) ?? [];
      for (const [index, key] of cycle.entries()) {
        expect(edges.get(key)).toContain(cycle.at(index - 1));
      }
      expect(new Set(cycle).size).toBe(cycle.length);
    }),
    { numRuns: 500 },
  );
});

test("a way to a step that is not there is no circle", () => {
  expect(findCycle(new Map([["a", ["b"]]]))).toBeNull();
});

function peeled(edges: ReadonlyMap<string, readonly string[]>): string[] {
  let left = [...edges.keys()];
  for (;;) {
    const next = left.filter((key) => edges.get(key)?.some((target) => left.includes(target)));
    if (next.length === left.length) return next;
    left = next;
  }
}
