import { resolve } from "node:path";
import type { Given } from "../given.ts";
import { DEFAULT_STORE } from "../options.ts";

/** The database file that is meant. */
export function storePath(given: Given): string {
  return resolve(given.text("store") ?? DEFAULT_STORE);
}
