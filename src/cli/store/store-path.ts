import { resolve } from "node:path";
import { isStoreThere } from "../../store/sqlite/file/store-folder.ts";
import { StoreFault } from "../../store/store.ts";
import type { Given } from "../given.ts";
import { DEFAULT_STORE } from "../options.ts";
import { UsageFault } from "../usage-fault.ts";

/** The database file that is meant. */
export function storePath(given: Given): string {
  const store = given.text("store") ?? DEFAULT_STORE;
  if (store === ":memory:") {
    throw new UsageFault("--store takes a file: what is kept in memory is gone with this command");
  }
  return resolve(store);
}

/** The database file that is meant, by who does not want a new one. */
export function existingStorePath(given: Given): string {
  const path = storePath(given);
  if (isStoreThere(path)) return path;
  const message = `there is no store ${path}: \`planwright run FILE\` makes one`;
  throw new StoreFault("unreachable", message);
}
