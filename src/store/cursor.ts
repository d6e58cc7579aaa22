import { StoreFault } from "./store.ts";

/** A place in a list as its cursor says it: a whole number, range-checked (SEC-22). */
export function readCursor(cursor: string): number {
  const place = /^\d{1,15}$/.test(cursor) ? Number(cursor) : Number.NaN;
  if (Number.isSafeInteger(place)) return place;
  throw new StoreFault(
    "bad-cursor",
    `${JSON.stringify(cursor.slice(0, 40))} is not a cursor that this store gave: begin again without one`,
  );
}

const PAGE = 50;
const PAGE_MAX = 200;

/** How many rows a page of a list has. */
export function pageSize(limit: number | undefined): number {
  return Math.min(Math.max(Math.trunc(limit ?? PAGE), 1), PAGE_MAX);
}
