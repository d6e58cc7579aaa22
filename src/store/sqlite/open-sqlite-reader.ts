import { existsSync } from "node:fs";
import type { StoreOptions } from "../store-options.ts";
import { StoreFault, type StoresReader } from "../store.ts";
import { openDriver, type OpenDriver } from "./driver.ts";
import { checkFilesystem } from "./file/check-filesystem.ts";
import { findStorePaths } from "./file/store-folder.ts";
import { FoldingHolder } from "./folding-holder.ts";
import { checkReadable } from "./migrate.ts";
import { openReading } from "./open-connection.ts";
import { SqliteStoresReader } from "./sqlite-stores-reader.ts";

export interface SqliteReaderOptions extends StoreOptions {
  readonly path: string;
  readonly openDriver?: OpenDriver;
}

/**
 * Opens a store for reading only, beside its owner or without one. It takes no lock, writes
 * nothing and never moves the log; it folds the events for itself.
 */
export async function openSqliteReader(options: SqliteReaderOptions): Promise<StoresReader> {
  const paths = findStorePaths(options.path);
  if (!existsSync(paths.database)) {
    throw new StoreFault("unreachable", `there is no store ${paths.database}`);
  }
  checkFilesystem(paths.folder);
  const driver = openReading(options.openDriver ?? openDriver, paths.database);
  try {
    checkReadable(driver);
  } catch (error) {
    driver.close();
    throw error;
  }
  return new SqliteStoresReader({
    description: `SQLite, ${paths.database}, for reading only`,
    driver,
    holder: new FoldingHolder(driver, options.cache),
    clock: options.clock,
    digest: (text) => options.pure.digest(text),
    close: () => driver.close(),
  });
}
