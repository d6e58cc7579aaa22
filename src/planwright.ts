import type { Actor } from "./core/actor.ts";
import type { PlanId } from "./core/id.ts";
import type { JsonObject } from "./core/json.ts";
import { DEFAULT_LIMITS } from "./core/limits.ts";
import type { PlanDocument } from "./core/plan/document.ts";
import type { PlanEvent } from "./core/plan/event.ts";
import type { Origin } from "./core/plan/plan.ts";
import type { PlanView } from "./core/plan/view.ts";
import type { Refusal } from "./core/refusal.ts";
import type { Committer } from "./engine/committer.ts";
import type { Engine } from "./engine/engine.ts";
import type { Answer, Orchestrator } from "./engine/orchestrator.ts";
import type { Runtime } from "./engine/runtime.ts";
import { untilRest, type Rest } from "./engine/stable.ts";
import { checkPlan } from "./format/check-plan.ts";
import { SharedLimits } from "./shared-limits.ts";
import type { Stores } from "./store/store.ts";

/** What `run` and `submit` may be told about a plan. */
export interface SubmitOptions {
  readonly inputs?: JsonObject;
  /** Approve it in the same breath, in the name of the one who acts. */
  readonly approve?: boolean;
  /** Start it once it is approved. */
  readonly start?: boolean;
  readonly origin?: Origin;
  /** Under the same key the same plan is found again. */
  readonly idempotencyKey?: string;
  readonly actor?: Actor;
}

/** How a run came to rest, with the plan as it then was. */
export type RunResult =
  | { readonly ok: true; readonly rest: Rest; readonly view: PlanView }
  | { readonly ok: false; readonly refusal: Refusal };

/** The front door for programs: one store, one tenant, and the engine that carries out its plans. */
export class Planwright implements AsyncDisposable {
  /** Every act on plans, with the one who acts named each time. */
  readonly orchestrator: Orchestrator;
  /** Caps and budgets that all plans of the store share. */
  readonly limits: SharedLimits;
  readonly stores: Stores;
  readonly actor: Actor;
  /** Names of the tools that steps may call here. */
  readonly toolNames: ReadonlySet<string>;
  /** What can be carried out here: kinds of steps, and `tool:NAME`. */
  readonly capabilities: ReadonlySet<string>;
  readonly #engine: Engine | null;
  readonly #committer: Committer;
  readonly #runtime: Runtime;
  readonly #ownsStores: boolean;
  #disposed = false;

  /** @internal Made by `createPlanwright`. */
  constructor(parts: {
    readonly orchestrator: Orchestrator;
    readonly engine: Engine | null;
    readonly committer: Committer;
    readonly runtime: Runtime;
    readonly stores: Stores;
    readonly ownsStores: boolean;
    readonly toolNames: ReadonlySet<string>;
    readonly kinds: ReadonlySet<string>;
    readonly actor: Actor;
  }) {
    this.orchestrator = parts.orchestrator;
    this.limits = new SharedLimits(parts.orchestrator.store);
    this.stores = parts.stores;
    this.actor = parts.actor;
    this.toolNames = parts.toolNames;
    this.capabilities = parts.kinds;
    this.#engine = parts.engine;
    this.#committer = parts.committer;
    this.#runtime = parts.runtime;
    this.#ownsStores = parts.ownsStores;
  }

  /**
   * Stores a plan and asks for its approval; approves and starts it where the options say so.
   * What does not pass the check is refused with every fault, and nothing is stored.
   */
  async submit(document: PlanDocument, options: SubmitOptions = {}): Promise<Answer> {
    const { faults } = checkPlan(document, {
      limits: DEFAULT_LIMITS,
      kinds: this.#stepKinds(),
      tools: this.toolNames,
    });
    if (faults.length > 0) {
      const message = `the plan is not valid: ${faults.map((fault) => fault.message).join("; ")}`;
      return { ok: false, refusal: { code: "invalid-plan", message, faults } };
    }
    const actor = options.actor ?? this.actor;
    const created = await this.orchestrator.create(
      {
        document,
        origin: options.origin ?? { kind: "library", trust: "operator", folder: process.cwd() },
        ...(options.inputs === undefined ? {} : { inputs: options.inputs }),
        ...(options.idempotencyKey === undefined ? {} : { idempotencyKey: options.idempotencyKey }),
      },
      actor,
    );
    if (!created.ok) return created;
    const submitted = await this.orchestrator.submit(created.plan.id, actor);
    if (!submitted.ok) return submitted;
    return this.#goOn(submitted.plan.id, submitted.plan.status, actor, options);
  }

  async #goOn(
    planId: PlanId,
    status: string,
    actor: Actor,
    options: SubmitOptions,
  ): Promise<Answer> {
    const start = options.start ?? false;
    if (status === "approved") {
      if (start) return this.orchestrator.start(planId, actor);
    } else if (options.approve === true) {
      return this.orchestrator.approve(planId, actor, { start });
    }
    const view = await this.orchestrator.get(planId);
    if (view !== null) return { ok: true, plan: view.plan };
    return { ok: false, refusal: { code: "not-found", message: `no plan ${planId}` } };
  }

  /** Submits and starts a plan, and comes back when it rests: ended, blocked, or waiting for someone. */
  async run(document: PlanDocument, options: SubmitOptions = {}): Promise<RunResult> {
    const submitted = await this.submit(document, { start: true, ...options });
    if (!submitted.ok) return submitted;
    return this.wait(submitted.plan.id);
  }

  /**
   * Comes back when a plan rests: ended, blocked, paused, or waiting for someone. Throws the
   * signal's reason where that comes first.
   */
  async wait(planId: PlanId, options: { readonly signal?: AbortSignal } = {}): Promise<RunResult> {
    const rest = await this.untilRest(planId, options);
    const view = await this.orchestrator.get(planId);
    if (view === null) {
      return { ok: false, refusal: { code: "not-found", message: `no plan ${planId}` } };
    }
    if (rest !== null) return { ok: true, rest, view };
    options.signal?.throwIfAborted();
    throw new Error(`the waiting for ${planId} was ended`);
  }

  /** How a plan came to rest; null where there is no such plan, or the signal came first. */
  untilRest(
    planId: PlanId,
    options: {
      readonly signal?: AbortSignal;
      /** Which rests end the waiting; all but those that a timer ends by itself, if not said. */
      readonly enough?: (rest: Rest) => boolean;
    } = {},
  ): Promise<Rest | null> {
    return untilRest({
      store: this.orchestrator.store,
      committer: this.#committer,
      runtime: this.#runtime,
      // Beside others nobody knows that nobody is there for a step.
      serves: (lane) => !this.stores.exclusive || (this.#engine?.serves(lane) ?? false),
      planId,
      ...options,
    });
  }

  /**
   * Comes back when nothing is carried out here and nothing goes on by itself within the given
   * time; timers and backoffs that end sooner are waited for.
   */
  async untilIdle(withinMs: number, signal?: AbortSignal): Promise<void> {
    await this.#engine?.untilIdle(withinMs, signal);
  }

  /** Calls back after each commit of this process, with its events. */
  onCommit(callback: (events: readonly PlanEvent[]) => void): Disposable {
    return this.#committer.onCommit(callback);
  }

  /**
   * Starts nothing new, lets what runs end for as long as it may, and closes the store. `hurry`
   * ends the patience at once.
   */
  async drain(patienceMs: number, hurry?: AbortSignal): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    await this.#engine?.drain(patienceMs, hurry);
    if (this.#ownsStores) await this.stores[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.drain(0);
  }

  #stepKinds(): ReadonlySet<string> {
    const kinds = new Set(["human", "wait", "plan"]);
    for (const capability of this.capabilities) {
      kinds.add(capability.startsWith("tool:") ? "tool" : capability);
    }
    return kinds;
  }
}
