import process from "node:process";
import { StoreFault } from "../store.ts";
import type { Driver, OpenDriver } from "./driver.ts";

/** Two connections that write or checkpoint could corrupt a WAL before this one (S2). */
const OLDEST = [3, 51, 3] as const;

/** The connection that owns the file: the only one that writes and that makes checkpoints. */
export function openWriter(open: OpenDriver, path: string): Driver {
  return prepared(open({ path, readOnly: false }), (driver) => {
    setWal(driver, path);
    if (process.platform === "darwin") {
      driver.exec("pragma fullfsync = 1; pragma checkpoint_fullfsync = 1");
    }
    driver.exec("pragma wal_autocheckpoint = 1000; pragma journal_size_limit = 67108864");
  });
}

/** A connection beside the owner: it never writes, and never moves the WAL. */
export function openReading(open: OpenDriver, path: string): Driver {
  return prepared(open({ path, readOnly: true }), (driver) => {
    driver.exec("pragma query_only = 1; pragma wal_autocheckpoint = 0");
  });
}

function prepared(driver: Driver, prepare: (driver: Driver) => void): Driver {
  try {
    checkVersion(readPragma(driver, "select sqlite_version() as value"));
    driver.exec("pragma trusted_schema = 0; pragma cell_size_check = 1; pragma mmap_size = 0");
    driver.exec("pragma temp_store = memory; pragma synchronous = full");
    prepare(driver);
    checkSynchronous(driver);
    return driver;
  } catch (error) {
    driver.close();
    throw error;
  }
}

function setWal(driver: Driver, path: string): void {
  const mode = driver.find<{ journal_mode: string }>("pragma journal_mode = wal")?.journal_mode;
  if (mode === (path === ":memory:" ? "memory" : "wal")) return;
  const message = `the store needs SQLite's write-ahead log, and this file gives ${mode ?? "none"}`;
  throw new StoreFault("unsupported", message);
}

/** Some builds make it NORMAL with WAL, and then a power cut takes back what was acknowledged (S1). */
export function checkSynchronous(driver: Driver): void {
  const level = driver.find<{ synchronous: number }>("pragma synchronous")?.synchronous;
  if (level === 2) return;
  const message = `the store needs synchronous=FULL (2), and SQLite says ${level ?? "nothing"}`;
  throw new StoreFault("unsupported", message);
}

/** Throws where this SQLite is too old to be trusted with a WAL. */
export function checkVersion(version: string): void {
  const parts = version.split(".").map(Number);
  for (const [index, least] of OLDEST.entries()) {
    const part = parts[index] ?? 0;
    if (part > least) return;
    if (part < least) {
      const message = `SQLite ${version} may corrupt a write-ahead log: use Node.js 24.21 or later, which has SQLite ${OLDEST.join(".")} or later`;
      throw new StoreFault("unsupported", message);
    }
  }
}

function readPragma(driver: Driver, sql: string): string {
  return driver.find<{ value: string }>(sql)?.value ?? "";
}
