import process from "node:process";
import { fileURLToPath } from "node:url";
import { Spawned } from "../torture/process/spawned.ts";
import { ORDER, type Order } from "./process/order.ts";
import type { Release } from "./release/release.ts";

const SCRIPT = fileURLToPath(new URL("process/release-process.ts", import.meta.url));

/** What a process of a fleet is to do; where its code and its database are, the fleet knows. */
export type Duty = OmitEach<Order, "release" | "url" | "witnessFolder">;
type OmitEach<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

export interface FleetPlace {
  readonly url: string;
  /** Where it works. */
  readonly folder: string;
  readonly witnessFolder: string;
}

/** Starts a process of a release. To the witness its name is its life. */
export function startProcess(release: Release, duty: Duty, place: FleetPlace): Spawned {
  const { url, folder, witnessFolder } = place;
  const order = { ...duty, url, witnessFolder, release: release.folder };
  return new Spawned([process.execPath, "--conditions=source", SCRIPT], {
    cwd: folder,
    env: { ...environmentOf(release, folder), [ORDER]: JSON.stringify(order) },
  });
}

/** Starts the command line of a release on the store of a fleet. */
export function startCli(
  release: Release,
  words: readonly string[],
  { url, folder }: FleetPlace,
): Spawned {
  return new Spawned([process.execPath, "--conditions=source", release.main, ...words], {
    cwd: folder,
    env: {
      ...environmentOf(release, folder),
      PLANWRIGHT_STORE: url,
      PLANWRIGHT_ACCEPT_DATA_LOSS: "true",
    },
  });
}

function environmentOf(release: Release, folder: string): Readonly<Record<string, string>> {
  const { PATH = "", HOME = "" } = process.env;
  return { PATH, HOME, NO_COLOR: "1", TMPDIR: folder, NODE_COMPILE_CACHE: release.compiled };
}
