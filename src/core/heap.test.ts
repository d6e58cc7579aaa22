import assert from "node:assert/strict";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Heap } from "./heap.ts";

interface Item {
  readonly rank: number;
}

type Act =
  | { readonly act: "add"; readonly rank: number }
  | { readonly act: "delete"; readonly place: number };

const rank = fc.nat(20);
const anAct: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ act: fc.constant("add" as const), rank }),
  fc.record({ act: fc.constant("delete" as const), place: fc.nat(30) }),
);
const someActs = fc.array(anAct, { maxLength: 80, size: "max" });

/** Does the same to the heap and to a set of which everything is known. */
function carryOut(act: Act, heap: Heap<Item>, items: Set<Item>): void {
  if (act.act === "add") {
    const item = { rank: act.rank };
    items.add(item);
    heap.add(item);
    return;
  }
  const item = [...items][act.place] ?? { rank: 0 };
  assert.equal(heap.delete(item), items.delete(item));
}

function lowest(items: Iterable<Item>): number | null {
  return [...items].map((item) => item.rank).toSorted((left, right) => left - right)[0] ?? null;
}

test("a heap tells the first of what is in it, and of that what is wanted", () => {
  fc.assert(
    fc.property(someActs, rank, (acts, least) => {
      const heap = new Heap<Item>((left, right) => left.rank < right.rank);
      const items = new Set<Item>();
      for (const act of acts) {
        carryOut(act, heap, items);
        expect(heap.first?.rank ?? null).toBe(lowest(items));
        const isWanted = (item: Item): boolean => item.rank >= least && item.rank % 2 === 0;
        expect(heap.find(isWanted)?.rank ?? null).toBe(lowest([...items].filter(isWanted)));
      }
    }),
  );
});

test("what has been looked for is still there", () => {
  const heap = new Heap<Item>((left, right) => left.rank < right.rank);
  for (const rank of [3, 1, 2]) heap.add({ rank });
  expect(heap.find(() => false)).toBeNull();
  expect(heap.first).toEqual({ rank: 1 });
});
