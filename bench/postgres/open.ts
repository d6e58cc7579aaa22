import { createPlanwright } from "planwright";
import { measureOpen } from "../open.ts";
import type { PostgresWorkload } from "./postgres-workload.ts";

/** What plans cost that only wait. */
export const open: PostgresWorkload = {
  name: "open",
  about: "10,000 plans of 10 steps waiting for an approval: memory, start-up",
  run: (options, server) =>
    measureOpen(options, async (measure) => {
      await using empty = await server.createDatabase();
      await using full = await server.createDatabase();
      for (const { url } of [empty, full]) await makeStore(url);
      await measure({ empty: empty.url, store: full.url });
    }),
};

/** Processes find the store there, as all but the first one do. */
async function makeStore(url: string): Promise<void> {
  await using _planwright = await createPlanwright({ store: url, carryOut: false });
}
