import { hash } from "node:crypto";
import { hostname } from "node:os";
import process from "node:process";
import type { Runtime } from "../../engine/runtime.ts";
import { PlanReader } from "../../engine/plan-reader.ts";
import { createSystemRuntime } from "../../engine/system-runtime.ts";
import { createPure } from "../../format/create-pure.ts";
import { readOwner, type Owner } from "../../store/sqlite/file/owner-lock.ts";
import { findStorePaths } from "../../store/sqlite/file/store-folder.ts";
import { openSqliteReader } from "../../store/sqlite/open-sqlite-reader.ts";
import type { StoresReader } from "../../store/store.ts";
import type { Given } from "../given.ts";
import { existingStorePath } from "./store-path.ts";

/** A store that is only looked at, beside its owner or without one. */
export interface Reading extends AsyncDisposable {
  readonly stores: StoresReader;
  readonly plans: PlanReader;
  readonly runtime: Runtime;
  /** Who carries out its plans now; null where nobody does. */
  findOwner(): Owner | null;
}

const TENANT = "default";

/** Opens the store that is meant for reading only. */
export async function openReader(given: Given): Promise<Reading> {
  const path = existingStorePath(given);
  const runtime = createSystemRuntime();
  const pure = createPure((text) => hash("sha256", text));
  const stores = await openSqliteReader({ path, clock: runtime, pure });
  const paths = findStorePaths(path);
  const findOwner = (): Owner | null => {
    const owner = readOwner(paths);
    return owner !== null && isAlive(owner) ? owner : null;
  };
  const plans = new PlanReader({
    store: stores.forTenant(TENANT),
    runtime,
    // What the owner can do is not known; where there is none, nobody can do anything.
    surroundings: () => (findOwner() === null ? [] : null),
  });
  return {
    stores,
    plans,
    runtime,
    findOwner,
    [Symbol.asyncDispose]: () => stores[Symbol.asyncDispose](),
  };
}

/** Good enough to be told to people; who really owns a store, its lock says. */
function isAlive({ host, pid }: Owner): boolean {
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && Reflect.get(error, "code") === "EPERM";
  }
}
