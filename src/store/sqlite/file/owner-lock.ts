import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import process from "node:process";
import { isJsonObject, type Json } from "../../../core/json.ts";
import { formatTimestamp } from "../../../core/timestamp.ts";
import { StoreFault } from "../../store.ts";
import type { Driver, OpenDriver } from "../driver.ts";
import type { StorePaths } from "./store-folder.ts";

/** Who owns a store. */
export interface Owner {
  readonly pid: number;
  readonly host: string;
  readonly since: string;
  readonly command: string;
}

/** The lock of a store, held. */
export interface OwnerLock {
  /** The owner before did not get to close the store. */
  readonly wasAbandoned: boolean;
  /** After a clean close nobody is named any more. */
  release(clean: boolean): void;
}

export interface OwnerLockOptions {
  readonly open: OpenDriver;
  readonly paths: StorePaths;
  readonly now: number;
  readonly command: string;
}

/**
 * Makes this process the one owner of a store (S7): a transaction kept open on a database of its
 * own, which the kernel lets go when the process dies. Beside it stands who it is, to be read.
 */
export function takeOwnerLock({ open, paths, now, command }: OwnerLockOptions): OwnerLock {
  const driver = holdLock(open, paths);
  try {
    const wasAbandoned = readOwner(paths) !== null;
    const owner = { pid: process.pid, host: hostname(), since: formatTimestamp(now), command };
    writeFileSync(paths.owner, `${JSON.stringify(owner)}\n`, { mode: 0o600 });
    return {
      wasAbandoned,
      release: (clean) => {
        if (clean) rmSync(paths.owner, { force: true });
        driver.close();
      },
    };
  } catch (error) {
    driver.close();
    throw error;
  }
}

/** Who says of themselves that they own a store; null where nobody does. */
export function readOwner(paths: StorePaths): Owner | null {
  let json: Json;
  try {
    json = JSON.parse(readFileSync(paths.owner, "utf8"));
  } catch {
    return null;
  }
  if (!isJsonObject(json)) return null;
  const { pid, host, since, command } = json;
  return { pid: Number(pid), host: textOf(host), since: textOf(since), command: textOf(command) };
}

function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value : "unknown";
}

function holdLock(open: OpenDriver, paths: StorePaths): Driver {
  const driver = open({ path: paths.lock, readOnly: false });
  try {
    driver.exec("pragma busy_timeout = 0; pragma journal_mode = memory; begin exclusive");
    return driver;
  } catch (error) {
    driver.close();
    if (StoreFault.is(error) && error.code === "unreachable" && error.retryable) {
      throw new StoreFault("owned", ownedMessage(paths), { cause: error });
    }
    throw error;
  }
}

function ownedMessage(paths: StorePaths): string {
  const owner = readOwner(paths);
  const who =
    owner === null
      ? "another process"
      : `process ${owner.pid} on ${owner.host} (${owner.command}, since ${owner.since})`;
  return `${paths.database} belongs to ${who}: talk to that process, or stop it`;
}
