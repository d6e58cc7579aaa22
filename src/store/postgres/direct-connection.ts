import { Socket } from "node:net";
import type { Client } from "pg";
import { loadPg } from "./pg-driver.ts";
import { toStoreFault } from "./to-store-fault.ts";

export interface DirectConnectionOptions {
  readonly url: string;
  /** What the connection begins with. */
  readonly preamble: string;
  /** Shown by the server beside the connection. */
  readonly applicationName: string;
  /** How long a statement may take; 3 s if not said. */
  readonly silenceMaxMs?: number;
}

/** One connection of its own, beside every pool: for who listens, and who must never wait in line. */
export interface DirectConnection {
  readonly client: Client;
  /** Resolves when it has ended, whoever ended it. */
  readonly ended: Promise<void>;
  /** Ends it politely, and where nobody answers any more, at once. */
  close(this: void): Promise<void>;
}

const CONNECT_TIMEOUT_MS = 5000;
const SILENCE_MAX_MS = 3000;
const KEEPALIVE_MS = 10_000;
const FAREWELL_MS = 500;

/** Connects past every pool; what the world does to it is a `StoreFault`. */
export async function connectDirectly(options: DirectConnectionOptions): Promise<DirectConnection> {
  const pg = await loadPg();
  const socket = new Socket();
  const client = new pg.Client({
    connectionString: options.url,
    application_name: options.applicationName,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: options.silenceMaxMs ?? SILENCE_MAX_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEPALIVE_MS,
    stream: () => socket,
  });
  const ended = new Promise<void>((resolve) => {
    client.on("end", resolve);
    client.on("error", () => resolve());
  });
  const close = (): Promise<void> => end(client, socket);
  try {
    await client.connect();
    await client.query(options.preamble);
    return { client, ended, close };
  } catch (error) {
    void close();
    throw toStoreFault(error);
  }
}

async function end(client: Client, socket: Socket): Promise<void> {
  const { promise: late, resolve: stop } = Promise.withResolvers<void>();
  const timer = setTimeout(stop, FAREWELL_MS);
  await Promise.race([client.end().catch(() => undefined), late]);
  clearTimeout(timer);
  socket.destroy();
}
