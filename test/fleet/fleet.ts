import { setTimeout as pause } from "node:timers/promises";
import { Chance } from "../../src/testing/chance.ts";
import { DEFAULT_LEASE_TIMES } from "../../src/engine/worker-life.ts";
import { until } from "../torture/process/until.ts";
import { Load, TENANTS } from "./client/load.ts";
import { disturb, type PartRun } from "./disturb.ts";
import type { FaultKind } from "./fault/fault-kind.ts";
import { commitCut, halfOpen } from "./fault/network-faults.ts";
import { backendTerminated, serverStopped } from "./fault/server-faults.ts";
import { workerKilled, workerStopped, type TakenOut } from "./fault/worker-faults.ts";
import { Ground } from "./ground.ts";
import { judge, type Verdict } from "./judge.ts";
import { WorkerSlot, type SlotOptions } from "./process/worker-slot.ts";
import type { Part } from "./programme.ts";

export interface FleetOptions {
  readonly seed: number;
  readonly parts: readonly Part[];
  /** Plans under way at once. */
  readonly plansMax: number;
  /** How long the fleet may take to come to rest when nothing is done to it any more. */
  readonly restMs: number;
  readonly onWord: (word: string) => void;
}

/** What a run of the fleet came to. */
export interface FleetRun extends Verdict {
  readonly seed: number;
  readonly parts: readonly PartRun[];
  readonly workers: readonly string[];
  readonly seconds: number;
}

const SHORT_LEASE = { ttlMs: 3000, renewMs: 1000 } as const;
/** A quarter of the time that leases last by default and are renewed in, for what only waits. */
const WORKERS: readonly Pick<SlotOptions, "kind" | "leaseTimes" | "proxied">[] = [
  { kind: "library", leaseTimes: SHORT_LEASE, proxied: true },
  { kind: "library", leaseTimes: SHORT_LEASE, proxied: false },
  { kind: "library", leaseTimes: DEFAULT_LEASE_TIMES, proxied: true },
  { kind: "cli", leaseTimes: DEFAULT_LEASE_TIMES, proxied: false },
];
const CONCURRENCY = 8;
const WARM_MS = 60_000;
const LOOK_MS = 250;

/** Four workers and their clients on a durable server, to which everything is done that a part says. */
export async function tortureFleet(options: FleetOptions): Promise<FleetRun> {
  const began = performance.now();
  const { seed, onWord } = options;
  const chance = new Chance(seed, "fleet");
  await using ground = await Ground.prepare();
  const slots = WORKERS.map((worker, index) => {
    return new WorkerSlot({ ...worker, ground, number: index + 1, concurrency: CONCURRENCY });
  });
  await using _all = everyone(slots);
  await using load = await Load.open({ ground, chance, plansMax: options.plansMax });
  for (const slot of slots) slot.start("new-name");
  load.begin();
  await until("work to be done", WARM_MS, async () => (await hasBegun(ground)) || null);
  onWord("work has begun");

  const takenOut: TakenOut[] = [];
  const parts: PartRun[] = [];
  for (const part of options.parts) {
    const run = await disturb(
      part,
      kindsOf(part, { ground, slots, takenOut }),
      chance.of(part.name),
    );
    parts.push(run);
    onWord(`${part.name}: ${Math.round((run.until - run.from) / 1000)} s`);
  }

  const calm = Date.now();
  const faults = await comeToRest(load, ground, options.restMs);
  onWord(`at rest after ${Math.round((Date.now() - calm) / 1000)} s`);
  await load.end();
  const drained = await Promise.all(slots.map((slot) => slot.drain()));
  onWord("everybody has ended");
  const { cancels } = load.author;
  const evidence = { ground, slots, cancels, parts, takenOut, restAt: Date.now() };
  const verdict = await judge({ ...evidence, tenantIds: TENANTS, followers: load.followers });
  const all = [
    ...load.faults,
    ...parts.flatMap((part) => part.faults),
    ...faults,
    ...drained.filter((fault) => fault !== null),
    ...verdict.faults,
  ];
  if (all.length > 0) {
    ground.keepFolder();
    all.push(`all of it is in ${ground.folder}`);
  }
  return {
    seed,
    parts,
    workers: WORKERS.map(describeWorker),
    faults: all,
    figures: { ...load.figures, ...verdict.figures },
    seconds: Math.round((performance.now() - began) / 100) / 10,
  };
}

function kindsOf(
  { everyMs }: Part,
  fleet: { ground: Ground; slots: readonly WorkerSlot[]; takenOut: TakenOut[] },
): readonly FaultKind[] {
  const { ground } = fleet;
  const workers = { ...fleet, spared: 1 };
  return [
    serverStopped(ground, everyMs["server stopped"]),
    backendTerminated(ground, everyMs["backend terminated"]),
    commitCut(ground, everyMs["commit cut"]),
    halfOpen(ground, everyMs["connection half open"]),
    workerStopped({ ...workers, everyMs: everyMs["worker stopped"] }),
    workerKilled({ ...workers, everyMs: everyMs["worker killed"] }),
  ];
}

async function hasBegun(ground: Ground): Promise<boolean> {
  const rows = await ground.ask("select from planwright.leases");
  const done = await ground.ask("select from planwright.steps where status = 'succeeded' limit 1");
  return rows.length >= WORKERS.length && done.length > 0;
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

function describeWorker({ kind, leaseTimes, proxied }: (typeof WORKERS)[number]): string {
  const way = proxied ? "by way of the proxy" : "straight to the server";
  return `${kind === "cli" ? "planwright worker" : "library"}, lease ${leaseTimes.ttlMs / 1000} s, ${way}`;
}

function everyone(slots: readonly WorkerSlot[]): AsyncDisposable {
  return {
    [Symbol.asyncDispose]: async () => {
      await Promise.all(slots.map((slot) => slot[Symbol.asyncDispose]()));
    },
  };
}
