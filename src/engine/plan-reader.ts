import type { PlanId, RequestId } from "../core/id.ts";
import type { PlanEvent } from "../core/plan/event.ts";
import { explainPlan, explainStep, type Reason, type Surroundings } from "../core/plan/explain.ts";
import { viewPlan, viewRequest, type PlanView, type RequestView } from "../core/plan/view.ts";
import { findStep } from "../core/step/lookup.ts";
import type { PlanRow, RequestRow } from "../store/projection.ts";
import type { Page, PlanQuery, RequestQuery, StoreReader } from "../store/store.ts";
import type { Committer } from "./committer.ts";
import { followEvents } from "./follow.ts";
import type { Runtime } from "./runtime.ts";

export interface PlanReaderOptions<S extends StoreReader> {
  readonly store: S;
  readonly runtime: Runtime;
  /** Tells of commits in this process; a reader beside the owner of a store has none. */
  readonly committer?: Committer;
  /** Who can carry out what; null where that is not known. */
  readonly surroundings: () => Surroundings["workers"];
}

/** Every look at plans, for one tenant; works beside the process that owns the store. */
export class PlanReader<S extends StoreReader = StoreReader> {
  readonly store: S;
  readonly #options: PlanReaderOptions<S>;

  constructor(options: PlanReaderOptions<S>) {
    this.#options = options;
    this.store = options.store;
  }

  /** The plan with its steps; null where there is none. */
  get(planId: PlanId): Promise<PlanView | null> {
    return this.store.read(planId, viewPlan);
  }

  list(query: PlanQuery = {}): Promise<Page<PlanRow>> {
    return this.store.plans(query);
  }

  requests(query: RequestQuery = {}): Promise<Page<RequestRow>> {
    return this.store.requests(query);
  }

  /** A request, open or settled; null where there is none. */
  async request(requestId: RequestId): Promise<RequestView | null> {
    const planId = await this.store.findPlanOfRequest(requestId);
    if (planId === null) return null;
    return this.store.read(planId, (plan) => {
      const request = plan.requests.get(requestId);
      return request === undefined ? null : viewRequest(request);
    });
  }

  /** Why a plan, or one step of it, does not move; null where there is none. */
  async explain(planId: PlanId, stepKey?: string): Promise<readonly Reason[] | null> {
    const { runtime, surroundings } = this.#options;
    const limits = await this.store.limits();
    const around = { now: runtime.now(), workers: surroundings(), limits };
    return this.store.read(planId, (plan) => {
      if (stepKey === undefined) return explainPlan(plan, around);
      const step = findStep(plan, stepKey);
      return step === undefined ? [] : explainStep(plan, step, around);
    });
  }

  /** The plan's events after a number, and those to come, until it has ended or the signal says so. */
  events(
    planId: PlanId,
    options: { readonly after?: number; readonly signal?: AbortSignal } = {},
  ): AsyncIterableIterator<PlanEvent> {
    const { store, runtime, committer } = this.#options;
    const hints = committer === undefined ? {} : { committer };
    return followEvents({ store, planId, runtime, ...hints, ...options });
  }
}
