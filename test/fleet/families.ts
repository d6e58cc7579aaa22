import { Chance } from "../../src/testing/chance.ts";
import { cancelFamilies } from "./family/cancel-families.ts";
import { PlanClient } from "./client/plan-client.ts";
import { killAtEveryCommit } from "./family/kill-at-every-commit.ts";
import { Ground } from "./ground.ts";
import { judge, type Verdict } from "./judge.ts";
import type { DeathMoment } from "./process/worker-order.ts";
import { drainAll, everyone } from "./process/everyone.ts";
import { WorkerSlot } from "./process/worker-slot.ts";

export interface FamiliesOptions {
  readonly seed: number;
  readonly moments: readonly DeathMoment[];
  /** Every how many commits a worker dies. */
  readonly every: number;
  /** Families that are cancelled. */
  readonly cancelled: number;
  /** Whether what took too long is a fault. */
  readonly judgesTimes: boolean;
  readonly onWord: (word: string) => void;
}

/** What a run of families came to. */
export interface FamiliesRun extends Verdict {
  readonly seed: number;
  readonly seconds: number;
}

const LEASE = { ttlMs: 3000, renewMs: 1000 } as const;
const CANCELLED = "cancelled";
const CONCURRENCY = 8;
const WORKERS = 3;

/** Parents and sub-plans, three deep: killed at every commit, and cancelled while they are at work. */
export async function tortureFamilies(options: FamiliesOptions): Promise<FamiliesRun> {
  const began = performance.now();
  const { seed, onWord } = options;
  await using ground = await Ground.prepare();
  await using client = await PlanClient.open(ground);
  const common = { ground, kind: "library", leaseTimes: LEASE, concurrency: CONCURRENCY } as const;
  await using first = new WorkerSlot({ ...common, number: 1, proxied: false });
  const killed = await killAtEveryCommit({ ...options, ground, client, slot: first });
  onWord(`killed at every commit: ${killed.kills} times`);
  const more = Array.from({ length: WORKERS - 1 }, (_, index) => {
    return new WorkerSlot({ ...common, number: index + 2, proxied: index === 0 });
  });
  const slots = [first, ...more];
  await using _more = everyone(more);
  for (const slot of slots) slot.start("same-name");
  const begun = new Map(killed.tenantIds.map((tenantId) => [`pln_${tenantId}`, tenantId]));
  const unfinished = await client.untilCompleted(begun);
  onWord("all families have ended");
  const chance = new Chance(seed, "families");
  const cancelling = { ground, client, slots, chance, tenantId: CANCELLED };
  const cancelled = await cancelFamilies({ ...cancelling, families: options.cancelled });
  onWord(`cancelled: ${cancelled.cancels.length}`);
  const drained = await drainAll(slots);
  const { cancels, takenOut } = cancelled;
  const verdict = await judge({
    ground,
    slots,
    cancels,
    takenOut,
    tenantIds: [...killed.tenantIds, CANCELLED],
    followers: [],
    limits: [],
    parts: [],
    judgesTimes: options.judgesTimes,
    restAt: Date.now(),
  });
  const tooFew = killed.kills === 0 || (options.cancelled > 0 && cancels.length === 0);
  const faults = [
    ...unfinished,
    ...drained,
    ...verdict.faults,
    ...(tooFew ? ["nothing was killed, or nothing cancelled"] : []),
  ];
  if (faults.length > 0) {
    ground.keepFolder();
    faults.push(`all of it is in ${ground.folder}`);
  }
  const commits = Object.entries(killed.commits);
  return {
    seed,
    faults,
    figures: {
      "families killed": killed.kills,
      ...Object.fromEntries(commits.map(([when, count]) => [`commits, killed ${when}`, count])),
      "families cancelled": cancels.length,
      "ended before they could be cancelled": cancelled.late,
      ...verdict.figures,
    },
    seconds: Math.round((performance.now() - began) / 100) / 10,
  };
}
