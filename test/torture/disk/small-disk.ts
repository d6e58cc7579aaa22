import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, rmdirSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Place } from "../process/place.ts";
import type { Spawned } from "../process/spawned.ts";

/** A disk that can be made full, and have room again. */
export interface SmallDisk extends Disposable {
  /** Where the store is to be; null where that does not matter. */
  readonly folder: string | null;
  /** Leaves no room to the process that works on it. */
  fill(place: Place, owner: Spawned): void;
  /** Gives the room back. */
  empty(owner: Spawned): void;
}

/** A real filesystem of so many megabytes, in memory; null where nobody may mount one. */
export function mountSmallDisk(megabytes: number): SmallDisk | null {
  const folder = mkdtempSync(join(tmpdir(), "planwright-torture-disk-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", folder], {
      stdio: "ignore",
    });
  } catch {
    rmdirSync(folder);
    return null;
  }
  const filler = join(folder, "filler");
  return {
    folder,
    fill: () => fillUp(filler),
    empty: () => rmSync(filler),
    [Symbol.dispose]: () => {
      execFileSync("umount", ["--lazy", folder]);
      rmdirSync(folder);
    },
  };
}

/**
 * The limit of the kernel on how long a file of a process may grow, which needs no privileges: what
 * stands may be written over, and nothing may be added.
 */
export function limitFileSize(bytes: number): SmallDisk | null {
  const limit = (process: Spawned, soft: number | "unlimited"): void => {
    execFileSync("prlimit", ["--pid", String(process.pid), `--fsize=${soft}:unlimited`]);
  };
  try {
    execFileSync("prlimit", ["--version"], { stdio: "ignore" });
  } catch {
    return null;
  }
  return {
    folder: null,
    fill: (_place, owner) => limit(owner, bytes),
    empty: (owner) => limit(owner, "unlimited"),
    [Symbol.dispose]: () => undefined,
  };
}

const CHUNK = Buffer.alloc(64 * 1024);

function fillUp(path: string): void {
  const file = openSync(path, "w");
  try {
    for (let chunk = CHUNK; chunk.length > 0; ) {
      try {
        writeSync(file, chunk);
      } catch {
        chunk = chunk.subarray(0, Math.floor(chunk.length / 2));
      }
    }
  } finally {
    closeSync(file);
  }
}
