import type { Ground } from "../ground.ts";
import type { FaultKind } from "./fault-kind.ts";

const BACKENDS_AT_ONCE = 4;
const TERMINATION_MS = 2000;

/** The server stops at once, as when its machine does, and comes back by itself. */
export function serverStopped(ground: Ground, everyMs: number): FaultKind {
  return {
    name: "server stopped",
    everyMs,
    atOnce: 1,
    make: async (chance) => {
      await ground.interrupt(chance.between(0, 1500, "down"));
      return 1;
    },
  };
}

/** Some connections are ended from the server's side, those that are in the middle of something first. */
export function backendTerminated(ground: Ground, everyMs: number): FaultKind {
  return {
    name: "backend terminated",
    everyMs,
    atOnce: 2,
    make: async (chance) => {
      const backends = await ground.ask<{ pid: number; busy: boolean }>(
        BACKENDS,
        ground.databaseName,
      );
      const drawn = backends.map(({ pid, busy }) => ({
        pid,
        rank: chance.draw("rank", pid) + (busy ? 1 : 0),
      }));
      const picked = drawn.toSorted((a, b) => b.rank - a.rank).slice(0, BACKENDS_AT_ONCE);
      const ended = await ground.ask<{ ended: boolean }>(
        "select pg_terminate_backend(pid, $2) as ended from unnest($1::int[]) as pid",
        picked.map(({ pid }) => pid),
        TERMINATION_MS,
      );
      return ended.filter((one) => one.ended).length;
    },
  };
}

const BACKENDS = `
  select pid, state <> 'idle' as busy from pg_stat_activity
  where datname = $1 and backend_type = 'client backend' and pid <> pg_backend_pid()
  order by pid
`;
