import { resolve } from "node:path";
import {
  isPostgresUrl,
  parsePostgresUrl,
  withoutSecrets,
} from "../../store/postgres/postgres-url.ts";
import { isStoreThere } from "../../store/sqlite/file/store-folder.ts";
import { StoreFault } from "../../store/store.ts";
import type { Given } from "../given.ts";
import { DEFAULT_ARTIFACTS, DEFAULT_STORE } from "../options.ts";
import { UsageFault } from "../usage-fault.ts";

/** Where the plans are that a command means. */
export type StorePlace =
  | { readonly kind: "file"; readonly path: string }
  | {
      readonly kind: "postgres";
      /** With its password: not to be shown. */
      readonly url: string;
      /** The folder of the artifacts. */
      readonly artifacts: string;
    };

/** The store that is meant, whether it is there or not. */
export function storePlace(given: Given): StorePlace {
  const store = given.text("store") ?? DEFAULT_STORE;
  if (store === ":memory:") {
    throw new UsageFault("--store takes a file: what is kept in memory is gone with this command");
  }
  if (isPostgresUrl(store)) {
    if (parsePostgresUrl(store) === null) throw new UsageFault(NO_ADDRESS);
    const artifacts = resolve(given.text("artifacts") ?? DEFAULT_ARTIFACTS);
    return { kind: "postgres", url: store, artifacts };
  }
  if (given.isTyped("artifacts")) throw new UsageFault(ARTIFACTS_BESIDE);
  return { kind: "file", path: resolve(store) };
}

/** Refuses a file that is not there, for who does not want a new one; a server is asked when it is opened. */
export function demandStore(place: StorePlace): void {
  if (place.kind === "postgres" || isStoreThere(place.path)) return;
  const message = `there is no store ${place.path}: \`planwright run FILE\` makes one`;
  throw new StoreFault("unreachable", message);
}

/** As it may be shown. */
export function placeName(place: StorePlace): string {
  return place.kind === "file" ? place.path : withoutSecrets(place.url);
}

const NO_ADDRESS =
  "--store: no connection can be made of this address; one looks like postgres://user@host:5432/database";
const ARTIFACTS_BESIDE =
  "--artifacts goes with postgres://…: a store that is a file has its artifacts beside it";
