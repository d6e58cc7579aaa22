import type { PlanId } from "../core/id.ts";
import { conditionOf } from "../core/plan/condition.ts";
import { isEnded, type Plan } from "../core/plan/plan.ts";
import type { Store } from "../store/store.ts";
import type { Committer } from "./committer.ts";
import type { Runtime } from "./runtime.ts";

/** How a plan has come to rest. */
export type Rest =
  | { readonly kind: "ended" }
  /** Nothing goes on without a person: an approval, a request. */
  | { readonly kind: "needs-person" }
  /** It waits for a timer or a signal. */
  | { readonly kind: "waiting"; readonly until: number | null }
  | { readonly kind: "blocked" }
  | { readonly kind: "paused" };

/** How a plan rests now; null while something of it is under way or about to be. */
export function restOf(plan: Plan): Rest | null {
  if (isEnded(plan.status)) return { kind: "ended" };
  if (plan.status !== "executing") return { kind: "needs-person" };
  const condition = conditionOf(plan);
  if (plan.running.size > 0 || plan.children.size > 0) return null;
  if (condition === "paused") return { kind: "paused" };
  if (condition === "blocked") return { kind: "blocked" };
  if (condition !== "waiting") return null;
  const until = nextTime(plan);
  if (plan.openRequests > 0 && until === null) return { kind: "needs-person" };
  return { kind: "waiting", until };
}

/** When the plan goes on by itself; null where it waits for people or signals alone. */
function nextTime(plan: Plan): number | null {
  let at: number | null = null;
  const consider = (time: number | null) => {
    if (time !== null && (at === null || time < at)) at = time;
  };
  for (const [, step] of plan.steps.entries()) {
    if (step.status === "waiting") consider(step.until);
  }
  for (const lane of plan.lanes.states()) consider(lane.nextAt);
  return at;
}

/** Waits until a plan rests, and says how; null where there is no such plan or time ran out. */
export async function untilRest(options: {
  readonly store: Store;
  readonly committer: Committer;
  readonly runtime: Runtime;
  readonly planId: PlanId;
  /** Which rests end the waiting; all but those that a timer ends by itself, if not said. */
  readonly enough?: (rest: Rest) => boolean;
  readonly signal?: AbortSignal;
}): Promise<Rest | null> {
  const { store, committer, runtime, planId, signal } = options;
  const enough = options.enough ?? ((rest) => rest.kind !== "waiting" || rest.until === null);
  for (;;) {
    if (signal?.aborted === true) return null;
    const { promise, resolve } = Promise.withResolvers<void>();
    using listening = committer.onCommit((events) => {
      if (events.some((event) => event.planId === planId)) resolve();
    });
    using timer = runtime.setTimer(1000, resolve);
    void [listening, timer];
    const found = await store.read(planId, (plan) => ({ rest: restOf(plan) }));
    if (found === null) return null;
    if (found.rest !== null && enough(found.rest)) return found.rest;
    signal?.addEventListener("abort", () => resolve(), { once: true });
    await promise;
  }
}
