import { setTimeout as pause } from "node:timers/promises";
import type { PlanDocument } from "../../src/core/plan/document.ts";
import { Chance } from "../../src/testing/chance.ts";
import { ENDS, readCommitted, type CommittedEvent } from "./check/commit-times.ts";
import { percentile, type Span } from "./check/spans.ts";
import { PlanClient } from "./client/plan-client.ts";
import type { TakenOut } from "./fault/worker-faults.ts";
import { Ground } from "./ground.ts";
import { judge, type Verdict } from "./judge.ts";
import { setLimits, type LimitInForce } from "./limits-in-force.ts";
import { idleGaps } from "./limits/idle-gaps.ts";
import { SCARCE } from "./plan/draw-load.ts";
import { WORK_TOOL } from "./plan/work-tool.ts";
import { drainAll, everyone } from "./process/everyone.ts";
import { WorkerSlot } from "./process/worker-slot.ts";

export interface LimitsOptions {
  readonly seed: number;
  readonly plans: number;
  readonly stepsPerPlan: number;
  /** Whether what took too long is a fault. */
  readonly judgesTimes: boolean;
  readonly onWord: (word: string) => void;
}

/** What a run under shared limits came to. */
export interface LimitsRun extends Verdict {
  readonly seed: number;
  readonly seconds: number;
}

/** All steps of a tenant stand under its one limit. */
const POOL: LimitInForce = { tenantId: "pooled", key: `pool:${SCARCE}`, max: 7 };
const CAPPED: LimitInForce = { tenantId: "capped", key: "tenant", max: 12 };
const BUDGET: LimitInForce = { tenantId: "thrifty", key: "budget:attempts", max: 100 };
const TENANTS = [POOL.tenantId, CAPPED.tenantId, BUDGET.tenantId];

const LEASE = { ttlMs: 3000, renewMs: 1000 } as const;
const WORKERS = 4;
/** Together far more than the limits allow: what is idle is not for want of a worker. */
const CONCURRENCY = 16;
const FIRST_KILL_MS = 500;
const KILL_EVERY_MS = 3000;
const LOOK_MS = 100;
const IDLE_MAX_MS = 1000;

/** Plans of three tenants under a pool's cap, a tenant's cap and a budget that is raised when it is used up. */
export async function tortureLimits(options: LimitsOptions): Promise<LimitsRun> {
  const began = performance.now();
  const chance = new Chance(options.seed, "limits");
  await using ground = await Ground.prepare();
  await using client = await PlanClient.open(ground);
  await setLimits(client.stores, [POOL, CAPPED, BUDGET]);
  const slots = Array.from({ length: WORKERS }, (_, index) => {
    const common = { ground, kind: "library", leaseTimes: LEASE, proxied: false } as const;
    return new WorkerSlot({ ...common, number: index + 1, concurrency: CONCURRENCY });
  });
  await using _slots = everyone(slots);
  for (const slot of slots) slot.start("new-name");
  const left = new Map<string, string>();
  for (let number = 1; number <= options.plans; number += 1) {
    const tenantId = TENANTS[number % TENANTS.length] ?? "";
    const planId = `pln_${number}`;
    left.set(planId, tenantId);
    await client.begin(tenantId, planId, planOf(chance.of(planId), tenantId, options.stepsPerPlan));
  }
  const ending = new AbortController();
  const takenOut: TakenOut[] = [];
  const raises: Raise[] = [{ at: 0, max: BUDGET.max }];
  const disturbing = [
    killAgainAndAgain(slots, chance, takenOut, ending.signal),
    raiseAgainAndAgain(client, raises, ending.signal),
  ];
  const unfinished = await client.untilCompleted(left);
  ending.abort();
  await Promise.all(disturbing);
  options.onWord(`limits: ${takenOut.length} workers killed, budget raised ${raises.length} times`);
  const drained = await drainAll(slots);
  const verdict = await judge({
    ground,
    slots,
    takenOut,
    cancels: [],
    limits: [POOL, CAPPED],
    tenantIds: TENANTS,
    followers: [],
    parts: [],
    judgesTimes: options.judgesTimes,
    restAt: Date.now(),
  });
  const events = await readCommitted(ground, ["step.readied", "attempt.started", ...ENDS]);
  const gaps = [POOL, CAPPED].flatMap((limit) =>
    idleGaps(
      events.filter(({ tenantId }) => tenantId === limit.tenantId),
      limit.max,
    ),
  );
  const faults = [
    ...unfinished,
    ...drained,
    ...verdict.faults,
    ...findOverspending(events, raises),
    ...(options.judgesTimes ? findIdling(gaps) : []),
    ...(takenOut.length === 0 ? ["no worker was killed"] : []),
  ];
  if (faults.length > 0) {
    ground.keepFolder();
    faults.push(`all of it is in ${ground.folder}`);
  }
  return {
    seed: options.seed,
    faults,
    figures: {
      "workers killed": takenOut.length,
      "budget raised": raises.length - 1,
      "idle with work and room, p50 ms": percentile(gaps, 0.5),
      "idle with work and room, p99 ms": percentile(gaps, 0.99),
      "idle with work and room, p100 ms": percentile(gaps, 1),
      ...verdict.figures,
    },
    seconds: Math.round((performance.now() - began) / 100) / 10,
  };
}

/** From when on a budget was so large, at the latest. */
interface Raise {
  readonly at: number;
  readonly max: number;
}

function planOf(chance: Chance, tenantId: string, steps: number): PlanDocument {
  const lane = tenantId === POOL.tenantId ? { pool: SCARCE } : {};
  const drawn = Array.from({ length: steps }, (_, index) => {
    const ms = chance.between(50, 350, "ms", index);
    return [`step-${index}`, { do: "tool", owner: WORK_TOOL, with: { ms }, ...lane }] as const;
  });
  return {
    plan: `limited ${tenantId}`,
    policy: { approval: "none", concurrency: steps },
    steps: Object.fromEntries(drawn),
  };
}

async function killAgainAndAgain(
  slots: readonly WorkerSlot[],
  chance: Chance,
  takenOut: TakenOut[],
  signal: AbortSignal,
): Promise<void> {
  for (let number = 1; !signal.aborted; number += 1) {
    await pause(number === 1 ? FIRST_KILL_MS : KILL_EVERY_MS, undefined, { signal }).catch(
      () => undefined,
    );
    const slot = chance.pick(slots, "whom", number);
    const { life } = slot;
    if (signal.aborted || life === null) continue;
    const succeeded = chance.happens(0.5, "same name", number);
    const at = Date.now();
    if (await slot.kill()) takenOut.push({ life, how: "killed", at, succeeded });
    slot.start(succeeded ? "same-name" : "new-name");
  }
}

/** Raises the budget whenever it is used up. */
async function raiseAgainAndAgain(
  client: PlanClient,
  raises: Raise[],
  signal: AbortSignal,
): Promise<void> {
  const store = client.stores.forTenant(BUDGET.tenantId);
  while (!signal.aborted) {
    await pause(LOOK_MS);
    const limit = (await store.limits()).find(({ key }) => key === BUDGET.key);
    if (limit?.max === undefined || limit.max === null || limit.used < limit.max) continue;
    const max = limit.max + BUDGET.max;
    raises.push({ at: Date.now(), max });
    await store.changeLimit(BUDGET.key, { kind: "set", max });
  }
}

/** Every start is within what the budget was by then. */
function findOverspending(
  events: readonly CommittedEvent[],
  raises: readonly Raise[],
): readonly string[] {
  const starts = events
    .filter(({ type, tenantId }) => type === "attempt.started" && tenantId === BUDGET.tenantId)
    .toSorted((a, b) => a.at - b.at);
  return starts.flatMap(({ at, stepKey }, index) => {
    const max = Math.max(...raises.filter((raise) => raise.at <= at).map((raise) => raise.max));
    return index < max ? [] : [`budget: ${stepKey} is start ${index + 1}, and ${max} are allowed`];
  });
}

function findIdling(gaps: readonly Span[]): readonly string[] {
  const long = gaps.filter(({ ms }) => ms > IDLE_MAX_MS);
  return long.map(({ ms, what }) => `idle for ${Math.round(ms)} ms with work and room, ${what}`);
}
