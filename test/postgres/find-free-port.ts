import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";

/**
 * Below the ports that systems give to clients: a client that reconnects to a stopped server could
 * otherwise be given the server's own port, and the server could not come back to it.
 */
const LEAST = 20_000;
const MOST = 30_000;
const TRIES = 100;

/** A port of the loopback interface that nobody listens on. */
export async function findFreePort(): Promise<number> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const port = randomInt(LEAST, MOST);
    if (await isFree(port)) return port;
  }
  throw new Error(`${TRIES} ports from ${LEAST} to ${MOST} are all taken`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    await once(server.listen(port, "127.0.0.1"), "listening");
  } catch {
    return false;
  }
  await once(server.close(), "close");
  return true;
}
