import { tell } from "../tell.ts";

const BEFORE = 80;
const AFTER = 120;

/** What is wrong with something that a store says: nothing, or where it begins to be. */
export function difference(what: string, found: unknown, expected: unknown): readonly string[] {
  const where = findDifference(tell(found), tell(expected));
  return where === null ? [] : [`the ${what} ${where}`];
}

/** Where two texts begin to differ; null where they do not. */
export function findDifference(found: string, expected: string): string | null {
  if (found === expected) return null;
  let at = 0;
  while (found[at] === expected[at]) at += 1;
  const near = (text: string): string => text.slice(Math.max(0, at - BEFORE), at + AFTER);
  return `says …${near(found)}…, and is …${near(expected)}…`;
}

/** Rows whose order means nothing. */
export function sorted(rows: readonly unknown[]): readonly string[] {
  return rows.map(tell).toSorted();
}
