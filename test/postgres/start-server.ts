import { randomBytes } from "node:crypto";
import { rm } from "node:fs/promises";
import { findFreePort } from "./find-free-port.ts";
import { initCluster } from "./init-cluster.ts";
import { PostgresServer, type ServerPlace } from "./postgres-server.ts";
import { reapServers } from "./reap-servers.ts";
import { makeServerFolder } from "./server-folder.ts";
import { ensureServerUser } from "./server-user.ts";

export interface ServerOptions {
  /** Whether what it has acknowledged survives. False is quicker, and for ordinary tests. */
  readonly durable: boolean;
  /** Further settings, by their names in postgresql.conf; they win over ours. */
  readonly settings?: Readonly<Record<string, string>>;
}

const COMMON = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  max_connections: "200",
};

const DURABLE = { fsync: "on", synchronous_commit: "on", full_page_writes: "on" };

const QUICK = {
  fsync: "off",
  synchronous_commit: "off",
  full_page_writes: "off",
  shared_buffers: "64MB",
  // A transaction of its own, in whatever database, holds back what readers of a feed may see.
  autovacuum: "off",
};

const PORT_TRIES = 5;

/** A server of one's own, for what the server of the suite is too quick or too shared for. */
export async function startServer({
  durable,
  settings = {},
}: ServerOptions): Promise<PostgresServer> {
  await reapServers();
  const user = ensureServerUser();
  const folder = makeServerFolder(user);
  const password = randomBytes(16).toString("hex");
  const all = { ...COMMON, ...(durable ? DURABLE : QUICK), ...settings };
  try {
    const native = await initCluster({ folder, user, password });
    const place = { folder, native, user, password, settings: all };
    return await startOnFreePort(place);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

async function startOnFreePort(place: Omit<ServerPlace, "port">): Promise<PostgresServer> {
  for (let tries = 1; ; tries += 1) {
    const server = new PostgresServer({ ...place, port: await findFreePort() });
    try {
      await server.start();
      return server;
    } catch (error) {
      // Somebody else has taken the port meanwhile.
      const isTaken = String(error).includes("Address already in use");
      if (!isTaken || tries === PORT_TRIES) throw error;
    }
  }
}
