import { StoreFault } from "../store.ts";
import { ask, type OwnerClient } from "./owner-client.ts";

/**
 * Refuses while somebody works, and lets nobody begin to before this is over. Who holds a lease that
 * has run out has lost it: should that process come back, it finds that it is too old.
 */
export async function standAlone(client: OwnerClient, name: string): Promise<void> {
  await ask(client, "set local app.scope = 'fleet'");
  await ask(client, "lock table planwright.leases in share row exclusive mode");
  const living = await ask<{ name: string; host: string; pid: number }>(
    client,
    `select name, host, pid::int from planwright.leases
     where ended_at is null and expires_at > planwright.planwright_clock() order by no`,
  );
  if (living.length > 0) {
    const who = living.map((one) => `process ${one.pid} on ${one.host} (${one.name})`).join(", ");
    throw new StoreFault(
      "owned",
      `${name} is to be done, which older workers cannot live with, and still at work is ${who}: stop them (SIGTERM lets what runs end), then run planwright db migrate; who was killed counts until the lease is over`,
    );
  }
  await ask(
    client,
    "update planwright.leases set ended_at = planwright.planwright_clock() where ended_at is null",
  );
}
