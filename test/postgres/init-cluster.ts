import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { chown, cp, lchown, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { findNativeFolder } from "./native-folder.ts";
import { dataFolderOf } from "./server-process.ts";
import type { ServerUser } from "./server-user.ts";

/** Where a new cluster is to be, and whose. */
export interface ClusterPlace {
  readonly folder: string;
  readonly user: ServerUser | null;
  /** Of the superuser `postgres`: others on this machine can reach the port. */
  readonly password: string;
}

const run = promisify(execFile);

/** Makes the files of a cluster, and says where the binaries lie that it is to be served with. */
export async function initCluster(place: ClusterPlace): Promise<string> {
  const installed = findNativeFolder();
  try {
    await initdb(place, installed);
    return installed;
  } catch (error) {
    if (place.user === null || !isDenied(error)) throw error;
  }
  // The checkout is not open to the server's user.
  const copy = join(place.folder, "native");
  await cp(installed, copy, { recursive: true, verbatimSymlinks: true });
  await give(copy, place.user);
  await initdb(place, copy);
  return copy;
}

async function initdb({ folder, user, password }: ClusterPlace, native: string): Promise<void> {
  const passwordFile = join(folder, "password");
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (user !== null) await chown(passwordFile, user.uid, user.gid);
  const words = [
    `--pgdata=${dataFolderOf(folder)}`,
    "--encoding=UTF8",
    "--locale=C",
    "--username=postgres",
    `--pwfile=${passwordFile}`,
    "--auth=scram-sha-256",
    // The password is random: stretching it would only make connecting slow.
    "--set=scram_iterations=1",
    "--no-sync",
    "--no-instructions",
  ];
  try {
    await run(join(native, "bin", "initdb"), words, {
      ...user,
      cwd: folder,
      env: { LC_ALL: "C" },
    });
  } catch (cause) {
    if (isDenied(cause) && existsSync(native)) throw cause;
    const said = String(Reflect.get(Object(cause), "stderr") ?? cause).trim();
    throw new Error(`initdb in ${folder} failed: ${said}`, { cause });
  } finally {
    await rm(passwordFile, { force: true });
  }
}

function isDenied(error: unknown): boolean {
  return Reflect.get(Object(error), "code") === "EACCES";
}

async function give(folder: string, { uid, gid }: ServerUser): Promise<void> {
  await lchown(folder, uid, gid);
  for (const name of await readdir(folder, { recursive: true })) {
    await lchown(join(folder, name), uid, gid);
  }
}
