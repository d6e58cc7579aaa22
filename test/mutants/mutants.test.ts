import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { MUTANTS, SHORT } from "./mutants.ts";
import { plant } from "./plant.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

test("every bug can still be planted, in one place", () => {
  const faults = MUTANTS.map((mutant) => plant(root, mutant)).filter((planted) => !planted.ok);
  expect(faults).toEqual([]);
});

test("every bug has a name of its own", () => {
  const names = new Set(MUTANTS.map(({ name }) => name));
  expect(names.size).toBe(MUTANTS.length);
  expect(SHORT.filter((name) => !names.has(name))).toEqual([]);
});
