import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, rmdirSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import type { Spawned } from "../process/spawned.ts";

/** A disk that can be made full, and be given room again. */
export interface SmallDisk extends Disposable {
  /** Where the store is to be; undefined where that does not matter. */
  readonly folder: string | undefined;
  /** Leaves no room to the process that works on it. */
  fill(owner: Spawned): void;
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
  const unmount = (): void => {
    execFileSync("umount", ["--lazy", folder]);
    rmdirSync(folder);
  };
  // Also where the whole programme is broken off.
  process.once("exit", unmount);
  const filler = join(folder, "filler");
  return {
    folder,
    fill: () => fillUp(filler),
    empty: () => rmSync(filler),
    [Symbol.dispose]: () => {
      process.off("exit", unmount);
      unmount();
    },
  };
}

/**
 * The kernel's limit on how far a process may write into any file, which needs no privileges. Null
 * where there is no `prlimit`.
 */
export function limitFileSize(bytes: number): SmallDisk | null {
  const limit = ({ pid }: Spawned, soft: number | "unlimited"): void => {
    execFileSync("prlimit", ["--pid", String(pid), `--fsize=${soft}:unlimited`]);
  };
  try {
    execFileSync("prlimit", ["--version"], { stdio: "ignore" });
  } catch {
    return null;
  }
  return {
    folder: undefined,
    fill: (owner) => limit(owner, bytes),
    empty: (owner) => limit(owner, "unlimited"),
    [Symbol.dispose]: () => undefined,
  };
}

const CHUNK = Buffer.alloc(64 * 1024);

/** To the last byte: chunks get smaller where no larger one has room. */
function fillUp(path: string): void {
  const file = openSync(path, "w");
  for (let length = CHUNK.length; length > 0;) {
    try {
      writeSync(file, CHUNK, 0, length);
    } catch {
      length = Math.floor(length / 2);
    }
  }
  closeSync(file);
}
