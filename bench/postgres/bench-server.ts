import { statfsSync } from "node:fs";
import { connected } from "../../test/postgres/connected.ts";
import type { TestDatabase } from "../../test/postgres/create-database-on.ts";
import { startServer } from "../../test/postgres/start-server.ts";

/** A durable server of its own for a whole run of the bench: every figure and every limit is from it. */
export interface BenchServer extends AsyncDisposable {
  /** In one line, for whoever reads the figures elsewhere. */
  readonly about: string;
  createDatabase(): Promise<TestDatabase>;
}

/** File systems that lie in memory, as `statfs` numbers them: tmpfs and ramfs. */
const IN_MEMORY: ReadonlySet<number> = new Set([0x01021994, 0x858458f6]);

/** Starts it, on a disk. */
export async function startBenchServer(): Promise<BenchServer> {
  const server = await startServer({ durable: true });
  if (IN_MEMORY.has(statfsSync(server.folder).type)) {
    await server[Symbol.asyncDispose]();
    throw new Error(`${server.folder} lies in memory: set TMPDIR to a folder on a disk`);
  }
  const [settings] = await connected(server.url, async (client) => {
    const { rows } = await client.query<Settings>(SETTINGS);
    return rows;
  });
  return {
    about: Object.entries(settings ?? {})
      .map(([name, value]) => `${name} ${value}`)
      .join(", "),
    createDatabase: () => server.createDatabase(),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

type Settings = Readonly<Record<string, string>>;

const SETTINGS = `
  select current_setting('server_version') as "PostgreSQL",
    current_setting('fsync') as fsync,
    current_setting('synchronous_commit') as synchronous_commit,
    current_setting('full_page_writes') as full_page_writes`;
