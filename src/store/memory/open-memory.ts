import { createMemoryArtifacts } from "../artifact/memory-artifacts.ts";
import { GroupCommit } from "../group-commit.ts";
import { PlanCache } from "../plan-cache.ts";
import type { StoreOptions } from "../store-options.ts";
import type { Stores } from "../store.ts";
import { MemorySource } from "./memory-source.ts";
import { MemoryStores } from "./memory-stores.ts";
import { createTables } from "./tables.ts";
import { writeWave } from "./write-wave.ts";

export interface MemoryOptions extends StoreOptions {
  /** SHA-256 of an artifact's content, as 64 lower-case hex digits. */
  readonly sha256: (content: Uint8Array) => string;
  readonly artifactBytesMax?: number;
}

/** A complete store that keeps nothing: for tests, simulations and a look without a disk. */
export function openMemory(options: MemoryOptions): Stores {
  const { clock, pure, sha256, artifactBytesMax } = options;
  const tables = createTables();
  const cache = new PlanCache(options.cache);
  const digest = (text: string): string => pure.digest(text);
  const source = new MemorySource(tables, cache, digest);
  const store = {
    source,
    transaction: <T>(work: () => T): T => work(),
    write: (wave: Parameters<typeof writeWave>[1]) => writeWave(tables, wave, clock.now()),
  };
  return new MemoryStores({
    tables,
    source,
    commits: new GroupCommit({ clock, pure, cache, store }),
    clock,
    digest,
    artifactStore: createMemoryArtifacts({
      clock,
      sha256,
      ...(artifactBytesMax === undefined ? {} : { bytesMax: artifactBytesMax }),
    }),
  });
}
