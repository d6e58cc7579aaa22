import type { PlanId } from "../core/id.ts";
import type { PlanEvent } from "../core/plan/event.ts";
import { isEnded } from "../core/plan/plan.ts";
import type { StoreReader } from "../store/store.ts";
import type { Committer } from "./committer.ts";
import { isAborted } from "./is-aborted.ts";
import type { Runtime } from "./runtime.ts";

const PAGE = 500;

export interface FollowOptions {
  readonly store: StoreReader;
  readonly planId: PlanId;
  readonly runtime: Runtime;
  /** Tells of commits in this process. */
  readonly committer?: Committer;
  readonly after?: number;
  readonly signal?: AbortSignal;
  /** How long to wait for a hint before looking anyway (another process may have written). */
  readonly sweepMs?: number;
}

/**
 * A plan's events in order, without gaps, those to come among them; ends with the plan. What is
 * told is always read from the log: a hint only says when to look.
 */
export async function* followEvents(options: FollowOptions): AsyncIterableIterator<PlanEvent> {
  const { store, planId, signal } = options;
  let after = options.after ?? 0;
  while (!isAborted(signal)) {
    using hint = listen(options);
    const events = await store.events(planId, { after, limit: PAGE });
    for (const event of events) {
      if (isAborted(signal)) return;
      after = event.seq;
      yield event;
    }
    if (events.length > 0) continue;
    if (await isOver(store, planId, after)) return;
    await hint.came;
  }
}

async function isOver(store: StoreReader, planId: PlanId, after: number): Promise<boolean> {
  const over = await store.read(planId, (plan) => isEnded(plan.status) && plan.version <= after);
  return over ?? true;
}

interface Hint extends Disposable {
  readonly came: Promise<void>;
}

/** Listens before it looks, so that nothing is missed in between. */
function listen(options: FollowOptions): Hint {
  const { committer, runtime, planId, signal, sweepMs } = options;
  const { promise, resolve } = Promise.withResolvers<void>();
  const listening = committer?.onCommit((events) => {
    if (events.some((event) => event.planId === planId)) resolve();
  });
  const timer = runtime.setTimer(sweepMs ?? 1000, resolve);
  const onAbort = () => resolve();
  signal?.addEventListener("abort", onAbort);
  return {
    came: promise,
    [Symbol.dispose]: () => {
      listening?.[Symbol.dispose]();
      timer.cancel();
      signal?.removeEventListener("abort", onAbort);
    },
  };
}
