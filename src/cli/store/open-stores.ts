import { hash } from "node:crypto";
import type { Runtime } from "../../engine/runtime.ts";
import { createPure } from "../../format/create-pure.ts";
import type { Pure } from "../../core/pure.ts";
import { openSqlite } from "../../store/sqlite/open-sqlite.ts";
import type { Stores } from "../../store/store.ts";
import type { Given } from "../given.ts";
import { demandStore, storePlace } from "./store-place.ts";

export interface OpenStoresOptions {
  readonly runtime: Runtime;
  /** Whether a store that is not there is refused, instead of being made. */
  readonly mustExist?: boolean;
}

/** Opens the store that is meant for writing: a file as its owner, a database beside any others. */
export async function openStores(
  given: Given,
  { runtime, mustExist = false }: OpenStoresOptions,
): Promise<Stores> {
  const place = storePlace(given);
  if (mustExist) demandStore(place);
  const { command } = given;
  const base = { clock: runtime, pure: pureOf() };
  if (place.kind === "file") {
    return openSqlite({ ...base, path: place.path, command });
  }
  const { openPostgres } = await import("../../store/postgres/open-postgres.ts");
  return openPostgres({
    ...base,
    mustExist,
    url: place.url,
    artifacts: place.artifacts,
    applicationName: command,
    acceptDataLoss: given.flag("acceptDataLoss"),
  });
}

/** What the core needs from outside. */
export function pureOf(): Pure {
  return createPure((text) => hash("sha256", text));
}
