import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";

const RESULTS = join(import.meta.dirname, "results");

/**
 * An empty folder for one measurement, removed after it. It lies beside the results, and so on the
 * same disk for everybody: a temporary folder of the system may be memory.
 */
export async function inWorkFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = makeWorkFolder();
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function makeWorkFolder(): string {
  mkdirSync(RESULTS, { recursive: true });
  return mkdtempSync(join(RESULTS, "work-"));
}
