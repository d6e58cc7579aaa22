import { setTimeout as pause } from "node:timers/promises";
import type { CommitCutCount } from "../../../src/testing/faults/tcp-proxy.ts";
import { until } from "../../torture/process/until.ts";
import type { Ground } from "../ground.ts";
import type { FaultKind } from "./fault-kind.ts";

const PATIENCE_MS = 5000;
/** A connection that nobody uses loses nothing. */
const UNUSED_MS = 3000;

/** A client is cut off after its COMMIT has been forwarded, and is never told that it stands. */
export function commitCut({ proxy }: Ground, everyMs: number): FaultKind {
  return {
    name: "commit cut",
    everyMs,
    atOnce: 1,
    make: async (chance) => {
      const before = proxy.commitCuts;
      const number = proxy.commits + chance.between(1, 6, "which");
      proxy.cutCommits({
        which: (commit) => commit >= number && proxy.commitCuts.made === before.made,
        when: chance.pick(["forwarded", "answered"], "when"),
        how: chance.pick(["reset", "end"], "how"),
      });
      const isSettled = () => settled(proxy.commitCuts) > settled(before) || null;
      // Where nothing commits for so long, the server is away.
      await until("a commit to cut", PATIENCE_MS, isSettled).catch(() => undefined);
      proxy.spareCommits();
      return proxy.commitCuts.committed - before.committed;
    },
  };
}

function settled({ committed, refused, unanswered }: CommitCutCount): number {
  return committed + refused + unanswered;
}

/** What is sent either way is lost, and nobody is told: the other side seems to be silent. */
export function halfOpen({ proxy }: Ground, everyMs: number): FaultKind {
  return {
    name: "connection half open",
    everyMs,
    atOnce: 3,
    make: async (chance) => {
      const { connections } = proxy;
      if (connections.length === 0) return 0;
      const connection = chance.pick(connections, "which");
      connection.blackhole(chance.pick(["both", "to-client", "to-server"], "way"));
      const isUsed = await until(
        "bytes to swallow",
        UNUSED_MS,
        () => connection.hasLost || null,
      ).then(
        () => true,
        () => false,
      );
      if (isUsed) await pause(chance.between(500, 12_000, "how long"));
      connection.heal();
      return isUsed ? 1 : 0;
    },
  };
}
