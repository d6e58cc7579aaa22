import type { DirectConnection } from "./direct-connection.ts";

const PATIENCE_MS = 2000;

/**
 * Whether what one connection says to all, another one hears: through a pooler that lends
 * connections for a transaction it does not, and every process then finds work by looking for it.
 */
export async function canHear(connect: () => Promise<DirectConnection>): Promise<boolean> {
  const listener = await connect();
  const speaker = await connect();
  const { promise: heard, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), PATIENCE_MS);
  try {
    listener.client.on("notification", () => resolve(true));
    await listener.client.query("listen planwright_test");
    await speaker.client.query("notify planwright_test");
    return await heard;
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
    await Promise.all([listener.close(), speaker.close()]);
  }
}
