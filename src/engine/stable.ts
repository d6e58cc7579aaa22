import type { PlanId } from "../core/id.ts";
import { conditionOf } from "../core/plan/condition.ts";
import type { PlanEvent } from "../core/plan/event.ts";
import { isEnded, type Plan } from "../core/plan/plan.ts";
import { keysOf } from "../core/shared/keys-of.ts";
import { isClosed, type SharedLimit } from "../core/shared/shared-limit.ts";
import type { Lane } from "../core/step/lease.ts";
import type { StoreReader } from "../store/store.ts";
import type { Committer } from "./committer.ts";
import { isAborted } from "./is-aborted.ts";
import { News } from "./news.ts";
import type { Runtime } from "./runtime.ts";

/** How a plan has come to rest. */
export type Rest =
  | { readonly kind: "ended" }
  /** Nothing goes on without a person: an approval, a request. */
  | { readonly kind: "needs-person" }
  /** It waits for a timer or a signal; `asks`: a person is asked meanwhile. */
  | { readonly kind: "waiting"; readonly until: number | null; readonly asks: boolean }
  /** It cannot move by itself: a verification is missing, or nobody serves what is ready, or may. */
  | { readonly kind: "blocked" }
  | { readonly kind: "paused" };

/** Whether somebody is there to carry out what stands in a lane. */
export type Serves = (lane: Lane) => boolean;

/**
 * How a plan rests now, its open sub-plans left aside; null while something of it is under way or
 * about to be.
 */
function restOf(plan: Plan, serves: Serves = () => true): Rest | null {
  if (isEnded(plan.status)) return { kind: "ended" };
  if (plan.status !== "executing") return { kind: "needs-person" };
  const condition = conditionOf(plan);
  if (plan.running.size > 0) return null;
  if (condition === "paused") return { kind: "paused" };
  if (condition === "blocked") return { kind: "blocked" };
  const stranded = condition === "running" && isStranded(plan, serves);
  if (condition !== "waiting" && !stranded) return null;
  const until = nextTime(plan, serves);
  const asks = plan.openRequests > 0;
  if (until !== null) return { kind: "waiting", until, asks };
  if (asks) return { kind: "needs-person" };
  return stranded ? { kind: "blocked" } : { kind: "waiting", until, asks };
}

/** Whether nobody is there for any of the steps that may start. */
function isStranded(plan: Plan, serves: Serves): boolean {
  const full = plan.lanes.states().filter((state) => state.ready > 0);
  return full.length > 0 && full.every((state) => !serves(state.lane));
}

/** When the plan goes on by itself; null where it waits for people or signals alone. */
function nextTime(plan: Plan, serves: Serves): number | null {
  let at: number | null = null;
  const consider = (time: number | null) => {
    if (time !== null && (at === null || time < at)) at = time;
  };
  for (const [, step] of plan.steps.entries()) {
    if (step.status === "waiting") consider(step.until);
  }
  for (const { lane, nextAt } of plan.lanes.states()) if (serves(lane)) consider(nextAt);
  return at;
}

/** How a plan rests with all its sub-plans; null while anything of them goes on, or there is none. */
export async function restOfTree(
  store: StoreReader,
  planId: PlanId,
  serves?: Serves,
): Promise<Rest | null> {
  const look = await lookAtTree(planId, { store, serves });
  return look?.rest ?? null;
}

interface Look {
  /** Null: something goes on. */
  readonly rest: Rest | null;
}

interface Looking {
  readonly store: StoreReader;
  readonly serves: Serves | undefined;
  /** Is to listen for every plan that is looked at. */
  readonly news?: News;
}

interface LookAtOne extends Look {
  readonly children: readonly PlanId[];
  /** Nothing runs, and something could start if nobody held it. */
  readonly mayBeHeld: boolean;
}

/** What waits for a limit that only a person's word opens stands still as if nobody served it. */
async function lookAtOne(
  planId: PlanId,
  store: StoreReader,
  serves: Serves = () => true,
): Promise<LookAtOne | null> {
  const look = (served: Serves) =>
    store.read(planId, (plan) => ({
      rest: restOf(plan, served),
      children: [...plan.children.entries()].map(([childId]) => childId),
      mayBeHeld: plan.running.size === 0 && plan.counts.ready > 0,
    }));
  const found = await look(serves);
  if (found === null || found.rest !== null || !found.mayBeHeld) return found;
  const closed = (await store.limits()).filter(isClosed);
  if (closed.length === 0) return found;
  return look((lane) => serves(lane) && !isHeld(lane, closed));
}

function isHeld(lane: Lane, closed: readonly SharedLimit[]): boolean {
  const keys = keysOf(lane);
  return closed.some(({ key }) => keys.includes(key));
}

/** Null where there is no such plan. */
async function lookAtTree(planId: PlanId, looking: Looking): Promise<Look | null> {
  const { store, serves, news } = looking;
  news?.about(planId);
  const found = await lookAtOne(planId, store, serves);
  if (found === null || found.rest === null) return found;
  const rests: Rest[] = [found.rest];
  for (const childId of found.children) {
    const rest = (await lookAtTree(childId, looking))?.rest ?? null;
    // One that has ended, or is not there yet, is news for its parent.
    if (rest === null || rest.kind === "ended") return { rest: null };
    rests.push(rest);
  }
  return { rest: rests.length === 1 ? found.rest : nearest(rests) };
}

/** What ends the standstill of several plans first. */
function nearest(rests: readonly Rest[]): Rest {
  const times = rests.flatMap((rest) =>
    rest.kind === "waiting" && rest.until !== null ? [rest.until] : [],
  );
  const asks = rests.some(
    (rest) => rest.kind === "needs-person" || (rest.kind === "waiting" && rest.asks),
  );
  if (times.length > 0) return { kind: "waiting", until: Math.min(...times), asks };
  for (const kind of ["needs-person", "paused", "blocked"] as const) {
    if (rests.some((rest) => rest.kind === kind)) return { kind };
  }
  return { kind: "waiting", until: null, asks };
}

/** Waits until a plan rests, and says how; null where there is no such plan or time ran out. */
export async function untilRest(options: {
  readonly store: StoreReader;
  readonly runtime: Runtime;
  readonly planId: PlanId;
  /** Tells of commits in this process; without it the store is looked at again and again. */
  readonly committer?: Committer;
  /** Which rests end the waiting; all but those that a timer ends by itself, if not said. */
  readonly enough?: (rest: Rest) => boolean;
  readonly serves?: Serves;
  readonly signal?: AbortSignal;
}): Promise<Rest | null> {
  const { store, committer, runtime, planId, serves, signal } = options;
  const enough = options.enough ?? ((rest) => rest.kind !== "waiting" || rest.until === null);
  const sweepMs = committer === undefined ? SWEEP_MS : 1000;
  using news = new News({ runtime, committer, signal, sweepMs, isNews: mayRest });
  while (!isAborted(signal)) {
    const look = await lookAtTree(planId, { store, serves, news });
    if (look === null) return null;
    if (look.rest !== null && enough(look.rest)) return look.rest;
    await news.next();
  }
  return null;
}

/** A commit that ends with the start of an attempt leaves something under way. */
function mayRest(events: readonly PlanEvent[]): boolean {
  return events.at(-1)?.type !== "attempt.started";
}

/** How often a store is looked at that another process writes. */
const SWEEP_MS = 200;
