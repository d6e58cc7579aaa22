import type { Actor } from "../../core/actor.ts";
import type { CommandId, PlanId, TenantId } from "../../core/id.ts";
import type { Json } from "../../core/json.ts";
import { DEFAULT_LIMITS } from "../../core/limits.ts";
import type { CommandData, CommandType, PlanCommand } from "../../core/plan/command.ts";
import { decide } from "../../core/plan/decide.ts";
import type { Decide, Decision } from "../../core/plan/decision.ts";
import type { PlanDocument, StepDocument } from "../../core/plan/document.ts";
import type { Lease, Offer } from "../../core/step/lease.ts";
import type { PlanCacheLimits } from "../../store/plan-cache.ts";
import type { Store, Stores } from "../../store/store.ts";
import { CONTRACT_PURE } from "./contract-pure.ts";
import type { StoreContractOptions } from "./suite.ts";

const ANN: Actor = { kind: "person", id: "ann" };
export const WORKER = "wrk_contract";
/** 2026-01-01. */
export const BEGINNING: number = Date.UTC(2026, 0, 1);

export interface Wish<T extends CommandType> {
  readonly planId?: PlanId;
  readonly id?: CommandId;
  readonly at?: number;
  readonly actor?: Actor;
  readonly data: CommandData[T];
}

/** A store with a clock that stands still, and short ways to the states that the tests begin in. */
export class Fixture {
  readonly stores: Stores;
  readonly store: Store;
  readonly #clock: { time: number };
  #commands = 0;

  constructor(stores: Stores, clock: { time: number }) {
    this.stores = stores;
    this.store = stores.forTenant("acme");
    this.#clock = clock;
  }

  get now(): number {
    return this.#clock.time;
  }

  pass(ms: number): void {
    this.#clock.time += ms;
  }

  command<T extends CommandType>(type: T, wish: Wish<T>): PlanCommand {
    this.#commands += 1;
    const command = {
      ...wish.data,
      id: wish.id ?? `cmd_${this.#commands}`,
      planId: wish.planId ?? "pln_1",
      type,
      at: wish.at ?? this.now,
      actor: wish.actor ?? ANN,
    };
    // The compiler cannot tie a generic type to its data.
    return command as unknown as PlanCommand;
  }

  createCommand(planId: PlanId, document: PlanDocument, options: CreateOptions = {}): PlanCommand {
    return this.command("plan.create", {
      planId,
      ...(options.id === undefined ? {} : { id: options.id }),
      data: {
        tenantId: options.tenantId ?? "acme",
        document,
        inputs: {},
        pins: { tools: {} },
        origin: { kind: "library", trust: "operator" },
        limits: DEFAULT_LIMITS,
        ...(options.parent === undefined
          ? {}
          : { parent: { planId: options.parent, stepKey: "sub", depth: 1 } }),
      },
    });
  }

  commit(command: PlanCommand, store: Store = this.store): Promise<Decision> {
    return store.commit(command, decide);
  }

  /** Commits what must be accepted. */
  async accept(command: PlanCommand, store: Store = this.store): Promise<Accepted> {
    const decision = await this.commit(command, store);
    if (decision.ok) return decision;
    throw new Error(`${command.type}: ${decision.refusal.message}`);
  }

  async draft(planId: PlanId, document: PlanDocument, options: CreateOptions = {}): Promise<void> {
    const store = this.stores.forTenant(options.tenantId ?? "acme");
    await this.accept(this.createCommand(planId, document, options), store);
  }

  /** A plan that is executing. */
  async start(planId: PlanId, document: PlanDocument, options: CreateOptions = {}): Promise<void> {
    const store = this.stores.forTenant(options.tenantId ?? "acme");
    await this.draft(planId, document, options);
    await this.accept(this.command("plan.submit", { planId, data: {} }), store);
    await this.accept(this.command("plan.start", { planId, data: {} }), store);
  }

  leaseCommand(planId: PlanId, slots = 1, workerId: string = WORKER): PlanCommand {
    return this.command("attempt.lease", {
      planId,
      data: { offer: { workerId, slots, pools: ["default"], capabilities: SERVED, idle: true } },
    });
  }

  async lease(planId: PlanId, slots = 1, workerId: string = WORKER): Promise<readonly Lease[]> {
    const { leases } = await this.accept(this.leaseCommand(planId, slots, workerId));
    return leases;
  }

  reportCommand(planId: PlanId, stepKey: string, options: ReportOptions = {}): PlanCommand {
    return this.command("attempt.report", {
      planId,
      ...(options.id === undefined ? {} : { id: options.id }),
      data: {
        stepKey,
        attempt: options.attempt ?? 1,
        workerId: options.workerId ?? WORKER,
        outcome: options.outcome ?? { kind: "succeeded", output: options.output ?? null },
        chance: 0.5,
        ...(options.offer === undefined ? {} : { offer: options.offer }),
      },
    });
  }
}

export const SERVED: ReadonlySet<string> = new Set(["tool:std.echo"]);

export type Accepted = Extract<Decision, { ok: true }>;

export interface CreateOptions {
  readonly id?: CommandId;
  readonly tenantId?: TenantId;
  readonly parent?: PlanId;
}

export interface ReportOptions {
  readonly id?: CommandId;
  readonly attempt?: number;
  readonly workerId?: string;
  readonly output?: Json;
  readonly outcome?: CommandData["attempt.report"]["outcome"];
  readonly offer?: Offer;
}

/** Runs a test on a store of its own. */
export function onStore(
  options: StoreContractOptions,
  body: (fixture: Fixture) => Promise<void>,
  cache?: PlanCacheLimits,
): () => Promise<void> {
  return async () => {
    const clock = { time: BEGINNING };
    const stores = await options.open({
      clock: { now: () => clock.time, defer: (callback) => void setImmediate(callback) },
      pure: CONTRACT_PURE,
      ...(cache === undefined ? {} : { cache }),
    });
    try {
      await body(new Fixture(stores, clock));
    } finally {
      await stores[Symbol.asyncDispose]();
    }
  };
}

/** A plan of tool steps; what a step needs stands beside it. */
export function planOf(
  steps: Readonly<Record<string, readonly string[] | StepDocument>>,
  policy: PlanDocument["policy"] = {},
): PlanDocument {
  return {
    plan: "Contract",
    policy: { approval: "none", concurrency: 100, ...policy },
    steps: Object.fromEntries(
      Object.entries(steps).map(([key, step]) => [key, isNeeds(step) ? tool(step) : step]),
    ),
  };
}

export function tool(
  needs: readonly string[] = [],
  rest: Partial<StepDocument> = {},
): StepDocument {
  return { do: "tool", owner: "std.echo", effect: "none", needs, ...rest };
}

function isNeeds(step: readonly string[] | StepDocument): step is readonly string[] {
  return Array.isArray(step);
}

/** Counts how often it is asked. */
export function counting(inner: Decide = decide): {
  readonly decide: Decide;
  readonly calls: () => number;
} {
  let calls = 0;
  return {
    decide: (plan, command, pure, room) => {
      calls += 1;
      return inner(plan, command, pure, room);
    },
    calls: () => calls,
  };
}
