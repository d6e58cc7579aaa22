import { join } from "node:path";
import process from "node:process";
import { Spawned } from "../torture/process/spawned.ts";
import { ORDER, type Order } from "./process/order.ts";
import type { Release } from "./release/release.ts";

const SCRIPT = join(import.meta.dirname, "process", "release-process.ts");

/** What a process of a fleet is to do; where its code and its database are, the fleet knows. */
export type Duty = OmitEach<Order, "release" | "url">;
type OmitEach<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

export interface FleetPlace {
  readonly url: string;
  /** Where it works. */
  readonly folder: string;
}

/** Starts a process of a release. Its steps bear its name as their life. */
export function startProcess(release: Release, duty: Duty, { url, folder }: FleetPlace): Spawned {
  const order = { ...duty, url, release: release.folder };
  return new Spawned([process.execPath, "--conditions=source", SCRIPT], {
    cwd: folder,
    env: {
      ...environmentOf(release, folder),
      LC_WITNESS_LIFE: duty.name,
      [ORDER]: JSON.stringify(order),
    },
  });
}

/** Starts the command line of a release on the store of a fleet. */
export function startCli(
  release: Release,
  words: readonly string[],
  { url, folder, life = "cli" }: FleetPlace & { readonly life?: string },
): Spawned {
  const argv = [process.execPath, "--conditions=source", release.main, ...words];
  return new Spawned([...argv, "--store", url, "--accept-data-loss"], {
    cwd: folder,
    env: { ...environmentOf(release, folder), LC_WITNESS_LIFE: life },
  });
}

function environmentOf(release: Release, folder: string): Readonly<Record<string, string>> {
  const { PATH = "", HOME = "" } = process.env;
  return { PATH, HOME, NO_COLOR: "1", TMPDIR: folder, NODE_COMPILE_CACHE: release.compiled };
}
