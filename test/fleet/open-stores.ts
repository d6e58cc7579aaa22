import { hash } from "node:crypto";
import { createSystemRuntime } from "../../src/engine/system-runtime.ts";
import { createPure } from "../../src/format/create-pure.ts";
import { openPostgres } from "../../src/store/postgres/open-postgres.ts";
import type { Stores } from "../../src/store/store.ts";

/** Opens a fleet's store as a process of its own would. */
export function openStores(url: string, applicationName: string): Promise<Stores> {
  const pure = createPure((text) => hash("sha256", text));
  return openPostgres({ url, pure, applicationName, clock: createSystemRuntime() });
}
