import { hash } from "node:crypto";
import { statfsSync } from "node:fs";
import { basename } from "node:path";
import process from "node:process";
import { createFileArtifacts } from "../artifact/file-artifacts.ts";
import { createMemoryArtifacts } from "../artifact/memory-artifacts.ts";
import { GroupCommit } from "../group-commit.ts";
import { PlanCache } from "../plan-cache.ts";
import type { StoreOptions } from "../store-options.ts";
import { StoreFault, type Stores } from "../store.ts";
import { checkFile } from "./check-store.ts";
import { openDriver, type Driver, type OpenDriver } from "./driver.ts";
import { Ballast } from "./file/ballast.ts";
import { checkFilesystem } from "./file/check-filesystem.ts";
import { DiskGuard } from "./file/disk-guard.ts";
import { extendWal } from "./file/extend-wal.ts";
import { takeOwnerLock, type OwnerLock } from "./file/owner-lock.ts";
import { makeStoreFolder, type StorePaths } from "./file/store-folder.ts";
import { toFileFault } from "./file/to-file-fault.ts";
import { WalControl } from "./file/wal-control.ts";
import { migrate } from "./migrate.ts";
import { openWriter } from "./open-connection.ts";
import { SqliteStores } from "./sqlite-stores.ts";
import { SqliteWriter } from "./sqlite-writer.ts";
import { DAMAGED } from "./to-store-fault.ts";

export interface SqliteOptions extends StoreOptions {
  /** The database file; its folder is made where there is none. `:memory:` keeps nothing. */
  readonly path: string;
  /** What the owner calls itself to others; the program's name if not said. */
  readonly command?: string;
  /** Make the write-ahead log long beforehand: 10 ms at the start for quicker commits after it. */
  readonly extendWal?: boolean;
  /** Room kept for the end, 16 MB if not said. */
  readonly ballastBytes?: number;
  /** The largest artifact, 1 GB if not said. */
  readonly artifactBytesMax?: number;
  /** Another driver of SQLite. */
  readonly openDriver?: OpenDriver;
}

const BALLAST_BYTES = 16 * 1024 * 1024;
/** Room for work, besides the ballast. */
const SPARE_BYTES = 8 * 1024 * 1024;

/**
 * Opens a store on SQLite and becomes the owner of its file, or throws a `StoreFault` that says
 * why not: `owned` names who is.
 */
export async function openSqlite(options: SqliteOptions): Promise<Stores> {
  return options.path === ":memory:" ? openInMemory(options) : openFile(options);
}

function openInMemory(options: SqliteOptions): Stores {
  const driver = openWriter(options.openDriver ?? openDriver, options.path);
  return closingOnFailure(
    () => driver.close(),
    () => {
      migrate(driver);
      return assemble(options, driver, {
        description: "SQLite in memory: nothing is kept",
        artifactStore: createMemoryArtifacts({
          clock: options.clock,
          sha256: (content) => hash("sha256", content),
          ...limitOf(options),
        }),
        disk: new DiskGuard({
          ballast: new Ballast("", 0),
          roomBytes: 0,
          freeBytes: () => Number.POSITIVE_INFINITY,
        }),
        close: () => driver.close(),
      });
    },
  );
}

function openFile(options: SqliteOptions): Stores {
  const open = options.openDriver ?? openDriver;
  const { paths, lock } = takePlace(options, open);
  return closingOnFailure(
    () => lock.release(!lock.wasAbandoned),
    () => openOwned(options, open, paths, lock),
  );
}

function takePlace(
  { path, clock, command }: SqliteOptions,
  open: OpenDriver,
): { readonly paths: StorePaths; readonly lock: OwnerLock } {
  try {
    const paths = makeStoreFolder(path);
    checkFilesystem(paths.folder);
    const name = command ?? basename(process.argv[1] ?? "node");
    return { paths, lock: takeOwnerLock({ open, paths, command: name, now: clock.now() }) };
  } catch (error) {
    throw toFileFault(error);
  }
}

function openOwned(
  options: SqliteOptions,
  open: OpenDriver,
  paths: StorePaths,
  lock: OwnerLock,
): Stores {
  const driver = openWriter(open, paths.database);
  return closingOnFailure(
    () => driver.close(),
    () => {
      if (lock.wasAbandoned) refuseDamaged(driver);
      migrate(driver);
      if (options.extendWal !== false) extendWal(driver);
      const ballastBytes = options.ballastBytes ?? BALLAST_BYTES;
      const ballast = new Ballast(paths.ballast, ballastBytes);
      ballast.fill();
      const disk = new DiskGuard({
        ballast,
        roomBytes: ballastBytes + SPARE_BYTES,
        freeBytes: () => freeBytes(paths.folder),
      });
      return assemble(options, driver, {
        description: `SQLite, ${paths.database}`,
        artifactStore: createFileArtifacts({ folder: paths.artifacts, ...limitOf(options) }),
        disk,
        close: () => {
          driver.close();
          lock.release(true);
        },
      });
    },
  );
}

interface Surroundings {
  readonly description: string;
  readonly artifactStore: Stores["artifactStore"];
  readonly disk: DiskGuard;
  close(): void;
}

function assemble(options: SqliteOptions, driver: Driver, around: Surroundings): Stores {
  const { clock, pure } = options;
  const cache = new PlanCache(options.cache);
  const digest = (text: string): string => pure.digest(text);
  const writer = new SqliteWriter({ driver, clock, cache, digest });
  const wal = new WalControl(driver);
  const store = {
    source: writer,
    transaction: <T>(work: () => T): T => {
      try {
        return writer.transaction(work);
      } catch (error) {
        around.disk.failed(error);
        throw error;
      }
    },
    write: writer.write.bind(writer),
    afterWave: () => wal.afterWave(),
  };
  const commits = new GroupCommit({ clock, pure, cache, store });
  const close = (): void => {
    commits.close();
    cache.clear();
    around.close();
  };
  const { description, artifactStore, disk } = around;
  return new SqliteStores({
    description,
    artifactStore,
    disk,
    driver,
    writer,
    holder: writer,
    commits,
    wal,
    clock,
    digest,
    close,
  });
}

/** After an end that was no close the file is looked over before anybody relies on it (S17). */
function refuseDamaged(driver: Driver): void {
  const [problem] = checkFile(driver, "pragma quick_check");
  if (problem !== undefined) throw new StoreFault("corrupt", `${DAMAGED} (${problem})`);
}

function closingOnFailure<T>(close: () => void, work: () => T): T {
  try {
    return work();
  } catch (error) {
    close();
    throw error;
  }
}

function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

function limitOf(options: SqliteOptions): { bytesMax?: number } {
  return options.artifactBytesMax === undefined ? {} : { bytesMax: options.artifactBytesMax };
}
