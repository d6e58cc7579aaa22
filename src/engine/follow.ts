import type { PlanId } from "../core/id.ts";
import type { PlanEvent } from "../core/plan/event.ts";
import { isEnded } from "../core/plan/plan.ts";
import type { StoreReader } from "../store/store.ts";
import type { Committer } from "./committer.ts";
import { isAborted } from "./is-aborted.ts";
import { News } from "./news.ts";
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
  const { store, planId, runtime, committer, signal, sweepMs = 1000 } = options;
  let after = options.after ?? 0;
  using news = new News({ runtime, committer, signal, sweepMs });
  news.about(planId);
  while (!isAborted(signal)) {
    const events = await store.events(planId, { after, limit: PAGE });
    for (const event of events) {
      if (isAborted(signal)) return;
      after = event.seq;
      yield event;
    }
    if (events.length > 0) continue;
    if (await isOver(store, planId, after)) return;
    await news.next();
  }
}

async function isOver(store: StoreReader, planId: PlanId, after: number): Promise<boolean> {
  const over = await store.read(planId, (plan) => isEnded(plan.status) && plan.version <= after);
  return over ?? true;
}
