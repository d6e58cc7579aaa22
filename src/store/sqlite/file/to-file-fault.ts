import { lstatSync, type Stats } from "node:fs";
import { dirname } from "node:path";
import process from "node:process";
import { StoreFault } from "../../store.ts";

const FULL: ReadonlySet<string> = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);
const DENIED: ReadonlySet<string> = new Set(["EACCES", "EPERM"]);

/** What the system refused to the files of a store, as a fault of the store; anything else as it is. */
export function toFileFault(error: unknown): unknown {
  if (!(error instanceof Error) || StoreFault.is(error)) return error;
  const code: unknown = Reflect.get(error, "code");
  const path: unknown = Reflect.get(error, "path");
  if (typeof code !== "string" || !/^E[A-Z0-9]+$/.test(code)) return error;
  const place = typeof path === "string" ? path : "the store's folder";
  if (FULL.has(code)) {
    const message = `the disk is full: ${place} cannot be written (${code})`;
    return new StoreFault("full", message, { cause: error, retryable: true });
  }
  const message =
    DENIED.has(code) && typeof path === "string"
      ? deniedMessage(path, code)
      : `${place} cannot be had (${code})`;
  return new StoreFault("unreachable", message, { cause: error });
}

/** Names what bars the way, since the path that was tried may lie far below it. */
function deniedMessage(path: string, code: string): string {
  const { place, stats } = findBarrier(path);
  const user = process.getuid?.();
  const denied = `${place} may not be used by this user (${code})`;
  if (stats === null || user === undefined) return denied;
  const mode = (stats.mode & 0o777).toString(8).padStart(4, "0");
  if (stats.uid !== user) {
    return `${denied}: it belongs to user ${stats.uid}, with mode ${mode}, and this is user ${user}; run as its owner, let it give access, or choose another store`;
  }
  const [rights, needed] = stats.isDirectory() ? ["rwx", 0o700] : ["rw", 0o600];
  if ((stats.mode & needed) === needed) return denied;
  return `${denied}: it is this user's own, with mode ${mode}; \`chmod u+${rights}\` gives it back`;
}

/** The deepest part of a path that can be looked at: it, or what would be in it, is refused. */
function findBarrier(path: string): { readonly place: string; readonly stats: Stats | null } {
  for (let place = path; ; place = dirname(place)) {
    try {
      return { place, stats: lstatSync(place) };
    } catch {
      if (dirname(place) === place) return { place: path, stats: null };
    }
  }
}
