import fc from "fast-check";
import { expect, test } from "vitest";
import { createTable, overlay, type Table } from "./table.ts";

type Act =
  | { readonly act: "set"; readonly key: string; readonly value: number }
  | { readonly act: "delete"; readonly key: string };

const key = fc.constantFrom("a", "b", "c", "d", "e");
const act: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ act: fc.constant("set" as const), key, value: fc.nat(9) }),
  fc.record({ act: fc.constant("delete" as const), key }),
);
const acts = fc.array(act, { maxLength: 40, size: "max" });

test("a table laid over another is one table to whoever looks, and leaves the lower one alone", () => {
  fc.assert(
    fc.property(acts, acts, acts, (below, above, top) => {
      const base = carriedOut(createTable<number>(), below);
      const model = new Map(base.entries());
      const draft = carriedOut(overlay(base), above);
      expectSame(draft, carriedOut(new Map(model), above));
      expectSame(
        carriedOut(overlay(draft), top),
        carriedOut(carriedOut(new Map(model), above), top),
      );
      expectSame(draft, carriedOut(new Map(model), above));
      expectSame(base, model);
    }),
  );
});

test("a table begins with the entries that it is given", () => {
  expect([...createTable([["a", 1]]).entries()]).toEqual([["a", 1]]);
});

function carriedOut<T extends Table<number>>(table: T, acts: readonly Act[]): T {
  for (const step of acts) {
    if (step.act === "set") table.set(step.key, step.value);
    else table.delete(step.key);
  }
  return table;
}

function expectSame(table: Table<number>, model: Table<number>): void {
  expect(table.size).toBe(model.size);
  for (const name of ["a", "b", "c", "d", "e"]) {
    expect(table.get(name)).toBe(model.get(name));
    expect(table.has(name)).toBe(model.has(name));
  }
  expect(new Map(table.entries())).toEqual(new Map(model.entries()));
}
