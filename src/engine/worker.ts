import type { WorkerId } from "../core/id.ts";
import type { PlanEvent } from "../core/plan/event.ts";
import type { Plan } from "../core/plan/plan.ts";
import type { Decision } from "../core/plan/decision.ts";
import type { Pure } from "../core/pure.ts";
import { leaseOf } from "../core/step/lease-next.ts";
import { findStep } from "../core/step/lookup.ts";
import type { Lease, Offer } from "../core/step/lease.ts";
import type { Outcome } from "../core/step/outcome.ts";
import type { AttemptName, LeaseHolder, Store, Stores } from "../store/store.ts";
import { AttemptOutput } from "./attempt-output.ts";
import { AttemptResources } from "./attempt-resources.ts";
import { AttemptRun, type CutReason } from "./attempt-run.ts";
import type { Committer, Wish } from "./committer.ts";
import type { Executor } from "./executor.ts";
import type { Runtime } from "./runtime.ts";
import { untilKnown } from "./until-known.ts";

export interface WorkerOptions {
  readonly stores: Stores;
  readonly runtime: Runtime;
  readonly pure: Pure;
  readonly committer: Committer;
  readonly executors: readonly Executor[];
  readonly holder: LeaseHolder;
  readonly pools: readonly string[];
  readonly concurrency: number;
  readonly graceMs: number;
  /** A slot has become free and nothing took it at once. */
  readonly onFree: () => void;
  /** Free slots that had been offered to a plan were not needed there. */
  readonly onUnneeded: () => void;
  /** What the plan of an ended attempt may have of the slots, seeing who else waits for one. */
  readonly share: () => Share;
  readonly onFault: (error: unknown) => void;
}

/** Every free slot; only the one that has just become free; not even that. */
export type Share = "all" | "own" | "none";

/** Carries out leased attempts, as many at once as it has slots. */
export class Worker {
  readonly capabilities: ReadonlySet<string>;
  readonly #options: WorkerOptions;
  readonly #executors = new Map<string, Executor>();
  readonly #runs = new Map<string, AttemptRun>();
  readonly #listening: Disposable;
  #reserved = 0;
  #workerId: WorkerId | null = null;
  /** The last id whose lease was found ended; nothing is leased under it again. */
  #endedId: WorkerId | null = null;
  #stopped = false;
  /** Shuts down, and what has not been put on record by now is left to whoever comes next. */
  #outOfPatience = false;
  #whenIdle: (() => void)[] = [];

  constructor(options: WorkerOptions) {
    this.#options = options;
    for (const executor of options.executors) {
      for (const capability of executor.capabilities) this.#executors.set(capability, executor);
    }
    this.capabilities = new Set(this.#executors.keys());
    this.#listening = options.committer.onCommit((events) => this.#fence(events));
  }

  /** Slots that nothing runs in and nothing has been asked for. */
  get free(): number {
    if (this.#stopped || this.#workerId === null || this.#runsAlone()) return 0;
    return this.#options.concurrency - this.#runs.size - this.#reserved;
  }

  get busy(): number {
    return this.#runs.size + this.#reserved;
  }

  /** Takes leases under this id from now on; null: none. */
  serve(workerId: WorkerId | null): void {
    this.#workerId = workerId === this.#endedId ? null : workerId;
  }

  /** Asks a plan for work in some of the free slots, and carries out what it gets. */
  async lease(tenantId: string, planId: string, slots: number): Promise<Decision | null> {
    const offer = this.#offer(slots);
    if (offer === null) return null;
    this.#reserved += slots;
    try {
      const decision = await this.#commitForLeases(offer.workerId, {
        tenantId,
        planId,
        type: "attempt.lease",
        data: { offer },
        actor: { kind: "worker", id: offer.workerId },
        id: `lease_${this.#options.runtime.uuid()}`,
        givesUp: () => this.#stopped,
      });
      this.#start(leasesOf(decision), offer.workerId);
      return decision;
    } finally {
      this.#reserved -= slots;
      this.#tellIdle();
    }
  }

  /** Attempts that are carried out here, under this id. */
  holds(attempt: AttemptName): boolean {
    return this.#runs.has(runKey(attempt));
  }

  /** Cuts short what another process has ended, skipped, cancelled or taken over by now. */
  async letGoOfEnded(): Promise<void> {
    const workerId = this.#workerId;
    const runs = [...this.#runs].filter(([, run]) => run.workerId === workerId);
    if (workerId === null || runs.length === 0) return;
    const held = await this.#options.stores.underWay(workerId);
    const own = new Set(held.map(runKey));
    for (const [key, run] of runs) if (!own.has(key)) run.cutShort("fenced");
  }

  /** Takes nothing new; resolves when what runs has ended. */
  async drain(): Promise<void> {
    this.#stopped = true;
    await this.idle();
    this.#listening[Symbol.dispose]();
  }

  idle(): Promise<void> {
    if (this.busy === 0) return Promise.resolve();
    return new Promise((resolve) => this.#whenIdle.push(resolve));
  }

  /** Cuts short everything that runs, and says what that was. */
  cutShort(reason: CutReason): readonly Lease[] {
    const leases = [...this.#runs.values()].map((run) => run.lease);
    if (reason === "drained") this.#outOfPatience = true;
    for (const run of this.#runs.values()) run.cutShort(reason);
    return leases;
  }

  #runsAlone(): boolean {
    for (const run of this.#runs.values()) if (run.lease.alone) return true;
    return false;
  }

  #offer(slots: number): Offer | null {
    if (this.#workerId === null || this.#stopped || slots < 1) return null;
    const { pools } = this.#options;
    const idle = this.busy === 0;
    return { workerId: this.#workerId, slots, pools, capabilities: this.capabilities, idle };
  }

  /** What was leased under an id that is not ours any more is left to whoever takes it over. */
  #start(leases: readonly Lease[], workerId: WorkerId): void {
    if (this.#workerId !== workerId) return;
    for (const lease of leases) void this.#carryOut(lease, workerId);
  }

  async #carryOut(lease: Lease, workerId: WorkerId): Promise<void> {
    const key = runKey(lease);
    const run = this.#runOf(lease, workerId);
    this.#runs.set(key, run);
    let next: readonly Lease[] = [];
    let offered = 0;
    try {
      const outcome = await run.run();
      if (outcome !== null) {
        offered = this.#slotsToOffer(lease, workerId, run);
        this.#reserved += Math.max(offered - 1, 0);
        next = leasesOf(await this.#report(lease, workerId, outcome, offered));
      } else if (run.cut === "drained") await this.#letGo(lease, workerId);
    } catch (error) {
      this.#options.onFault(error);
    }
    this.#runs.delete(key);
    this.#reserved -= Math.max(offered - 1, 0);
    this.#start(next, workerId);
    if (next.length === 0) this.#options.onFree();
    else if (next.length < offered) this.#options.onUnneeded();
    this.#tellIdle();
  }

  /**
   * Its own slot, and those that are free now where nobody else waits for one: what a step makes
   * ready starts with its own record, however many there are.
   */
  #slotsToOffer(lease: Lease, workerId: WorkerId, run: AttemptRun): number {
    if (run.cut !== null || lease.alone || this.#workerId !== workerId) return 0;
    const share = this.#options.share();
    return share === "none" ? 0 : 1 + (share === "all" ? Math.max(this.free, 0) : 0);
  }

  #tellIdle(): void {
    if (this.busy === 0) for (const resolve of this.#whenIdle.splice(0)) resolve();
  }

  #runOf(lease: Lease, workerId: WorkerId): AttemptRun {
    const { stores, runtime, pure, holder, graceMs, onFault } = this.#options;
    const executor = this.#executors.get(capabilityOf(lease));
    if (executor === undefined) throw new Error(`leased without an executor: ${lease.stepKey}`);
    const store = stores.forTenant(lease.tenantId);
    const output = new AttemptOutput(lease, store, runtime);
    const onLeaseEnded = () => this.#letGoOfAll(workerId);
    const about = { lease, stores, runtime, workerId, holder };
    const resources = new AttemptResources({ ...about, onFault, onLeaseEnded });
    const carrying = { workerId, executor, runtime, pure, output, resources, graceMs };
    return new AttemptRun({ lease, ...carrying });
  }

  /**
   * The store says that this worker's lease has been ended, before whoever renews it has noticed:
   * what was leased under it is somebody else's, and nothing more is leased until there is a new one.
   */
  #letGoOfAll(workerId: WorkerId): void {
    if (this.#workerId === workerId) {
      this.#endedId = workerId;
      this.#workerId = null;
    }
    for (const run of this.#runs.values()) if (run.workerId === workerId) run.cutShort("fenced");
  }

  /** Tells the outcome, and asks for the next work of the same plan in the same breath. */
  #report(lease: Lease, workerId: WorkerId, outcome: Outcome, slots: number): Promise<Decision> {
    const { tenantId, planId, stepKey, attempt } = lease;
    const { runtime } = this.#options;
    const offer = this.#offer(slots);
    return this.#commitForLeases(workerId, {
      tenantId,
      planId,
      type: "attempt.report",
      data: {
        stepKey,
        attempt,
        workerId,
        outcome,
        chance: runtime.chance("backoff", planId, stepKey, attempt),
        ...(offer === null ? {} : { offer }),
      },
      actor: { kind: "worker", id: workerId },
      id: `report/${planId}/${stepKey}/${attempt}/${workerId}`,
      givesUp: () => this.#outOfPatience,
    });
  }

  /** The worker shuts down: the attempt counts as let go, not as one that killed its worker. */
  async #letGo(lease: Lease, workerId: WorkerId): Promise<void> {
    const { tenantId, planId, stepKey, attempt } = lease;
    await this.#options.committer.commit({
      tenantId,
      planId,
      type: "attempt.lose",
      data: { stepKey, attempt, reason: "drained" },
      actor: { kind: "worker", id: workerId },
    });
  }

  /**
   * Sends a command until its answer is known, and finds the leases again where the first answer
   * was lost on its way: they are ours, and nobody else will carry them out.
   */
  async #commitForLeases<T extends "attempt.lease" | "attempt.report">(
    workerId: WorkerId,
    { givesUp, ...wish }: Wish<T> & { readonly id: string; readonly givesUp: () => boolean },
  ): Promise<Decision> {
    const { runtime, committer, stores, onFault } = this.#options;
    const patience = { runtime, onFault, givesUp };
    const first = await untilKnown(() => committer.commit<T>(wish), patience);
    const decision = first.value;
    if (!decision.ok || bringsItsLeases(decision, workerId)) return decision;
    const store = stores.forTenant(wish.tenantId);
    const find = () => this.#findLeases(workerId, store, decision);
    const found = await untilKnown(find, patience);
    return { ...decision, leases: found.value };
  }

  async #findLeases(
    workerId: WorkerId,
    store: Store,
    decision: Extract<Decision, { ok: true }>,
  ): Promise<readonly Lease[]> {
    const leases: Lease[] = [];
    for (const event of decision.events) {
      if (event.type !== "attempt.started" || event.data.workerId !== workerId) continue;
      const { tenantId, planId, stepKey = "", attempt = 0 } = event;
      if (this.holds({ tenantId, planId, stepKey, attempt })) continue;
      const { input } = event.data;
      const started = { stepKey, attempt, ...(input === undefined ? {} : { input }) };
      const lease = await store.read(event.planId, (plan) =>
        isUnderWay(plan, started, workerId) ? leaseOf(plan, plan, started) : null,
      );
      if (lease !== null) leases.push(lease);
    }
    return leases;
  }

  /** What a commit has taken away from attempts under way here: they are told at once. */
  #fence(events: readonly PlanEvent[]): void {
    for (const event of events) {
      if (!TAKES_AWAY.has(event.type) || event.attempt === undefined) continue;
      if (event.type === "step.succeeded" && event.data.manual === undefined) continue;
      const { tenantId, planId, stepKey = "", attempt } = event;
      this.#runs.get(runKey({ tenantId, planId, stepKey, attempt }))?.cutShort("fenced");
    }
  }
}

function leasesOf(decision: Decision): readonly Lease[] {
  return decision.ok ? decision.leases : [];
}

/** The first answer to a command does; one that was given before comes again without them. */
function bringsItsLeases(
  { events, leases }: Extract<Decision, { ok: true }>,
  workerId: WorkerId,
): boolean {
  const started = events.filter(
    (event) => event.type === "attempt.started" && event.data.workerId === workerId,
  );
  return started.length === leases.length;
}

const TAKES_AWAY: ReadonlySet<string> = new Set([
  "step.cancelled",
  "step.skipped",
  "step.succeeded",
  "attempt.lost",
]);

function isUnderWay(
  plan: Plan,
  started: { readonly stepKey: string; readonly attempt: number },
  workerId: WorkerId,
): boolean {
  const step = findStep(plan, started.stepKey);
  if (step?.status !== "running") return false;
  return step.attempt === started.attempt && step.workerId === workerId;
}

function runKey({ tenantId, planId, stepKey, attempt }: AttemptName): string {
  return [tenantId, planId, stepKey, attempt].join("\n");
}

function capabilityOf(lease: Lease): string {
  return lease.document.do === "tool" ? `tool:${lease.document.owner}` : lease.document.do;
}
