import { PlanReader } from "../../engine/plan-reader.ts";
import type { Runtime } from "../../engine/runtime.ts";
import { createStoreRuntime } from "../../engine/store-runtime.ts";
import { createSystemRuntime } from "../../engine/system-runtime.ts";
import { createFileArtifacts } from "../../store/artifact/file-artifacts.ts";
import type { Owner } from "../../store/sqlite/file/owner-lock.ts";
import { findStorePaths } from "../../store/sqlite/file/store-folder.ts";
import type { ArtifactStore, StoresReader } from "../../store/store.ts";
import type { Given } from "../given.ts";
import { findLivingOwner, findWorkers, type Carrier } from "./carrier.ts";
import { pureOf } from "./open-stores.ts";
import { demandStore, storePlace, type StorePlace } from "./store-place.ts";

/** A store that is only looked at, beside whoever works on it. */
export interface Reading extends AsyncDisposable {
  readonly stores: StoresReader;
  readonly plans: PlanReader;
  readonly runtime: Runtime;
  readonly contents: ArtifactStore;
  /** Whether only one process can write to it at a time. */
  readonly exclusive: boolean;
  /** Who owns its file; null where nobody does, or it is no file. */
  findOwner(): Owner | null;
  /** Who carries out its plans now. */
  findCarriers(): Promise<readonly Carrier[]>;
}

const TENANT = "default";

/** Opens the store that is meant for reading only. */
export async function openReader(given: Given): Promise<Reading> {
  const place = storePlace(given);
  demandStore(place);
  const runtime = createSystemRuntime();
  const stores = await openStoresReader(place, given.command, runtime);
  try {
    return await readingOf(place, stores, runtime);
  } catch (error) {
    await stores[Symbol.asyncDispose]();
    throw error;
  }
}

async function openStoresReader(
  place: StorePlace,
  command: string,
  runtime: Runtime,
): Promise<StoresReader> {
  const base = { clock: runtime, pure: pureOf() };
  if (place.kind === "file") {
    const { openSqliteReader } = await import("../../store/sqlite/open-sqlite-reader.ts");
    return openSqliteReader({ ...base, path: place.path });
  }
  const { openPostgresReader } = await import("../../store/postgres/open-postgres-reader.ts");
  return openPostgresReader({ ...base, url: place.url, applicationName: command });
}

async function readingOf(
  place: StorePlace,
  stores: StoresReader,
  system: Runtime,
): Promise<Reading> {
  const findOwner = (): Owner | null =>
    place.kind === "file" ? findLivingOwner(place.path) : null;
  const findCarriers = async (): Promise<readonly Carrier[]> => {
    if (place.kind === "postgres") return findWorkers(stores);
    const owner = findOwner();
    return owner === null ? [] : [carrierOf(owner)];
  };
  const isCarriedOut = (await findCarriers()).length > 0;
  const runtime = createStoreRuntime(system, stores.clock);
  const plans = new PlanReader({
    store: stores.forTenant(TENANT),
    runtime,
    // What those who carry out can do is not known; where there is none, nobody can do anything.
    surroundings: () => (isCarriedOut ? null : []),
  });
  const folder = place.kind === "file" ? findStorePaths(place.path).artifacts : place.artifacts;
  return {
    stores,
    plans,
    runtime,
    contents: createFileArtifacts({ folder, isOwner: false }),
    exclusive: place.kind === "file",
    findOwner,
    findCarriers,
    [Symbol.asyncDispose]: () => stores[Symbol.asyncDispose](),
  };
}

function carrierOf({ command, host, pid, since }: Owner): Carrier {
  return { name: command, host, pid, since };
}
