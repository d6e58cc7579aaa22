import { statfsSync } from "node:fs";
import { openDriver, type OpenDriver } from "./driver.ts";
import { findStorePaths } from "./file/store-folder.ts";
import { openReading } from "./open-connection.ts";

/** How a database is set, as a connection beside its owner finds it. */
export interface SqliteSettings {
  readonly sqliteVersion: string;
  readonly journalMode: string;
  /** Each connection sets it for itself, and refuses to work where it does not hold. */
  readonly synchronous: number;
  readonly schemaVersion: number;
  /** The type that the system gives the filesystem, as `statfs` tells it. */
  readonly filesystem: string;
}

/** Reads the settings of a store. */
export function readSqliteSettings(path: string, open: OpenDriver = openDriver): SqliteSettings {
  const paths = findStorePaths(path);
  const driver = openReading(open, paths.database);
  try {
    const version = driver.find<{ value: string }>("select sqlite_version() as value");
    const journal = driver.find<{ journal_mode: string }>("pragma journal_mode");
    const synchronous = driver.find<{ synchronous: number }>("pragma synchronous");
    const schema = driver.find<{ user_version: number }>("pragma user_version");
    return {
      sqliteVersion: version?.value ?? "unknown",
      journalMode: journal?.journal_mode ?? "unknown",
      synchronous: synchronous?.synchronous ?? -1,
      schemaVersion: schema?.user_version ?? 0,
      filesystem: `0x${statfsSync(paths.folder).type.toString(16)}`,
    };
  } finally {
    driver.close();
  }
}
