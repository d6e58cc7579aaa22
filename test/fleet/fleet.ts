import { setTimeout as pause } from "node:timers/promises";
import { Chance } from "../../src/testing/chance.ts";
import { until } from "../torture/process/until.ts";
import { LIMITS, Load, TENANTS } from "./client/load.ts";
import { disturb, type PartRun } from "./disturb.ts";
import { PROOFS, type FaultKind, type FaultName } from "./fault/fault-kind.ts";
import { commitCut, halfOpen } from "./fault/network-faults.ts";
import { backendTerminated, serverStopped } from "./fault/server-faults.ts";
import { workerKilled, workerStopped, type TakenOut } from "./fault/worker-faults.ts";
import { Ground } from "./ground.ts";
import { judge, type Verdict } from "./judge.ts";
import { drainAll, everyone } from "./process/everyone.ts";
import { WorkerSlot } from "./process/worker-slot.ts";
import type { Part, Programme, WorkerKind } from "./programme.ts";

export interface FleetOptions {
  readonly seed: number;
  readonly programme: Programme;
  readonly onWord: (word: string) => void;
}

/** What a run of the fleet came to. */
export interface FleetRun extends Verdict {
  readonly seed: number;
  readonly parts: readonly PartRun[];
  readonly workers: readonly string[];
  /** What was seen of each thing that was done, before it counted. */
  readonly proofs: Readonly<Record<FaultName, string>>;
  readonly seconds: number;
}

const CONCURRENCY = 8;
const WARM_MS = 60_000;
const LOOK_MS = 250;

/** Four workers and their clients on a durable server, to which everything is done that a part says. */
export async function tortureFleet(options: FleetOptions): Promise<FleetRun> {
  const began = performance.now();
  const { seed, programme, onWord } = options;
  const { workers, plansMax, restMs, judgesTimes } = programme;
  const chance = new Chance(seed, "fleet");
  await using ground = await Ground.prepare();
  const slots = workers.map((worker, index) => {
    return new WorkerSlot({ ...worker, ground, number: index + 1, concurrency: CONCURRENCY });
  });
  await using _all = everyone(slots);
  await using load = await Load.open({ ground, chance, plansMax });
  for (const slot of slots) slot.start("new-name");
  load.begin();
  await until(
    "work to be done",
    WARM_MS,
    async () => (await hasBegun(ground, workers.length)) || null,
  );
  onWord("work has begun");

  const takenOut: TakenOut[] = [];
  const parts: PartRun[] = [];
  for (const part of programme.parts) {
    const run = await disturb(
      part,
      kindsOf(part, { ground, slots, takenOut }),
      chance.of(part.name),
    );
    parts.push(run);
    onWord(`${part.name}: ${Math.round((run.until - run.from) / 1000)} s`);
  }

  const calm = Date.now();
  const faults = await comeToRest(load, ground, restMs);
  onWord(`at rest after ${Math.round((Date.now() - calm) / 1000)} s`);
  const drained = await drainAll(slots);
  // The feeds are read to their ends when nobody writes any more.
  await load.end();
  onWord("everybody has ended");
  const { cancels } = load.author;
  const evidence = { ground, slots, cancels, parts, takenOut, judgesTimes, restAt: Date.now() };
  const verdict = await judge({
    ...evidence,
    tenantIds: TENANTS,
    limits: LIMITS,
    followers: load.followers,
  });
  const all = [
    ...load.faults,
    ...parts.flatMap((part) => part.faults),
    ...faults,
    ...drained,
    ...verdict.faults,
  ];
  if (all.length > 0) {
    ground.keepFolder();
    all.push(`all of it is in ${ground.folder}`);
  }
  return {
    seed,
    parts,
    workers: workers.map(describeWorker),
    proofs: PROOFS,
    faults: all,
    figures: { ...load.figures, ...verdict.figures },
    seconds: Math.round((performance.now() - began) / 100) / 10,
  };
}

function kindsOf(
  { everyMs, stoppedLeaseMaxMs }: Part,
  { ground, ...fleet }: { ground: Ground; slots: readonly WorkerSlot[]; takenOut: TakenOut[] },
): readonly FaultKind[] {
  const workers = { ...fleet, spared: 1 };
  return [
    serverStopped(ground, everyMs["server stopped"]),
    backendTerminated(ground, everyMs["backend terminated"]),
    commitCut(ground, everyMs["commit cut"]),
    halfOpen(ground, everyMs["connection half open"]),
    workerStopped({
      ...workers,
      everyMs: everyMs["worker stopped"],
      slots: fleet.slots.filter(({ ttlMs }) => ttlMs <= stoppedLeaseMaxMs),
    }),
    workerKilled({ ...workers, everyMs: everyMs["worker killed"] }),
  ];
}

async function hasBegun(ground: Ground, workers: number): Promise<boolean> {
  const rows = await ground.ask("select from planwright.leases");
  const done = await ground.ask("select from planwright.steps where status = 'succeeded' limit 1");
  return rows.length >= workers && done.length > 0;
}

/** Nothing is done to it any more: everything is to end, or to wait for a reason that has a name. */
async function comeToRest(
  load: Load,
  ground: Ground,
  withinMs: number,
): Promise<readonly string[]> {
  ground.proxy.spareCommits();
  ground.proxy.heal();
  load.stopWriting();
  const deadline = performance.now() + withinMs;
  while (performance.now() < deadline) {
    if (await load.isQuiet()) return [];
    await pause(LOOK_MS);
  }
  return [`it has not come to rest within ${withinMs / 1000} s`];
}

function describeWorker({ kind, leaseTimes, proxied }: WorkerKind): string {
  const way = proxied ? "by way of the proxy" : "straight to the server";
  return `${kind === "cli" ? "planwright worker" : "library"}, lease ${leaseTimes.ttlMs / 1000} s, ${way}`;
}
