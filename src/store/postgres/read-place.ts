import { StoreFault } from "../store.ts";

/**
 * A place in a list that is ordered by several whole numbers, as its cursor says it: each number in
 * decimal, below its maximum, with dots between them (SEC-22).
 */
export function readPlace(cursor: string, maxima: readonly bigint[]): readonly string[] {
  const parts = cursor.split(".");
  const isPlace =
    parts.length === maxima.length &&
    maxima.every((max, index) => isBelow(parts[index] ?? "", max));
  if (isPlace) return parts;
  throw new StoreFault(
    "bad-cursor",
    `${JSON.stringify(cursor.slice(0, 60))} is not a cursor that this store gave: begin again without one`,
  );
}

/** The largest whole number of JavaScript, and of a transaction's id. */
export const NUMBER_MAX: bigint = 2n ** 53n - 1n;
export const XID_MAX: bigint = 2n ** 64n - 1n;

function isBelow(part: string, max: bigint): boolean {
  return /^\d{1,20}$/.test(part) && BigInt(part) <= max;
}
