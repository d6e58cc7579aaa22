import {
  accessSync,
  constants,
  lstatSync,
  mkdirSync,
  realpathSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { StoreFault } from "../../store.ts";
import { toFileFault } from "./to-file-fault.ts";

/** Where the files of one store are, by their real paths. */
export interface StorePaths {
  readonly folder: string;
  readonly database: string;
  /** Held by the owner for as long as it lives. */
  readonly lock: string;
  /** Names the owner. */
  readonly owner: string;
  readonly ballast: string;
  readonly artifacts: string;
}

/** The paths of a store; its folder is made where there is none, for its user alone. */
export function makeStoreFolder(path: string): StorePaths {
  const folder = dirname(resolve(path));
  if (mkdirSync(folder, { recursive: true, mode: 0o700 }) !== undefined) {
    writeFileSync(join(folder, ".gitignore"), "*\n");
  }
  return findStorePaths(path);
}

/** Whether the database of a store is there; a fault where it may not even be looked for. */
export function isStoreThere(path: string): boolean {
  return orFault(() => statSync(path, { throwIfNoEntry: false }) !== undefined);
}

/**
 * The paths of a store in a folder that exists. Never by a link: the WAL is found by the name of
 * the database, so two names would be two logs (S9).
 */
export function findStorePaths(path: string): StorePaths {
  return orFault(() => findPaths(path));
}

function findPaths(path: string): StorePaths {
  const folder = realPath(dirname(resolve(path)));
  const database = realPathOrSame(join(folder, basename(path)));
  refuseHardLinks(database);
  refuseUnreadable(database);
  const stem = database.replace(/\.db$/, "");
  return {
    folder: dirname(database),
    database,
    lock: `${stem}${LOCK}`,
    owner: `${stem}.owner.json`,
    ballast: `${stem}.ballast`,
    artifacts: join(dirname(database), "artifacts"),
  };
}

const LOCK = ".lock.db";
const BESIDE_STEM = ["", ".db", LOCK, ".owner.json", ".ballast"];
const BESIDE_DATABASE = ["", "-wal", "-shm", "-journal"];
const FOLDERS = ["artifacts", "attempts", "workspaces"];

/**
 * Which names of a folder belong to stores that lie in it; a lock tells a store. Whoever reads
 * files in a process that owns a store keeps away from them: to open and close one by `fs` would
 * drop SQLite's locks (S8), and a second owner would come in.
 */
export function storeNamesAmong(names: readonly string[]): ReadonlySet<string> {
  const stems = names
    .filter((name) => name.endsWith(LOCK))
    .map((name) => name.slice(0, -LOCK.length));
  const files = stems.flatMap((stem) =>
    BESIDE_STEM.flatMap((end) => BESIDE_DATABASE.map((tail) => `${stem}${end}${tail}`)),
  );
  return new Set(stems.length === 0 ? [] : [...files, ...FOLDERS]);
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw new StoreFault("unreachable", `there is no folder ${path}`, { cause: error });
  }
}

function isMissing(error: unknown): boolean {
  const code: unknown = error instanceof Error ? Reflect.get(error, "code") : undefined;
  return code === "ENOENT" || code === "ENOTDIR";
}

function orFault<T>(look: () => T): T {
  try {
    return look();
  } catch (error) {
    throw toFileFault(error);
  }
}

function realPathOrSame(path: string): string {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true
    ? realPath(path)
    : path;
}

/** Looks at the directory entry only: opening the database by `fs` would drop SQLite's locks (S8). */
function refuseHardLinks(database: string): void {
  const entry = lstatSync(database, { throwIfNoEntry: false });
  if (entry === undefined || entry.isDirectory() || entry.nlink <= 1) return;
  const message = `${database} has ${entry.nlink} names (hard links), and its log belongs to one of them: remove the others`;
  throw new StoreFault("unsupported", message);
}

/** SQLite would only say that it cannot open it. */
function refuseUnreadable(database: string): void {
  try {
    accessSync(database, constants.R_OK);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}
