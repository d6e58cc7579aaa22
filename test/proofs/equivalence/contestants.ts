import { hash } from "node:crypto";
import { openMemory } from "../../../src/store/memory/open-memory.ts";
import { openPostgres } from "../../../src/store/postgres/open-postgres.ts";
import { openSqlite } from "../../../src/store/sqlite/open-sqlite.ts";
import type { Stores } from "../../../src/store/store.ts";
import type { TestDatabase } from "../../postgres/create-database-on.ts";
import type { Contest, Contestant } from "./contest.ts";

/** Stores that one process owns. */
export const LONE_CONTESTANTS: readonly Contestant[] = [
  {
    name: "memory",
    open: async (options) =>
      alone(openMemory({ ...options, sha256: (content) => hash("sha256", content) })),
  },
  {
    name: "SQLite",
    open: async (options) => alone(await openSqlite({ ...options, path: ":memory:" })),
  },
];

/** Postgres as one process has it, and as three that work on every plan in turn. */
export function postgresContestants(
  createDatabase: () => Promise<TestDatabase>,
): readonly Contestant[] {
  return [1, 3].map((processes) => ({
    name: processes === 1 ? "Postgres" : `Postgres, ${processes} processes`,
    open: async (options) => {
      const stack = new AsyncDisposableStack();
      const { url } = stack.use(await createDatabase());
      const opened: Stores[] = [];
      for (let number = 0; number < processes; number += 1) {
        const stores = await openPostgres({
          ...options,
          url,
          acceptDataLoss: true,
          trustsCallers: true,
        });
        opened.push(stack.use(stores));
      }
      return {
        processes: opened,
        keepsOrder: false,
        [Symbol.asyncDispose]: () => stack.disposeAsync(),
      };
    },
  }));
}

function alone(stores: Stores): Contest {
  return {
    processes: [stores],
    keepsOrder: true,
    [Symbol.asyncDispose]: () => stores[Symbol.asyncDispose](),
  };
}
