import assert from "node:assert/strict";
import type { PlanCommand } from "../../../src/core/plan/command.ts";
import { decide } from "../../../src/core/plan/decide.ts";
import type { Decide, Decision } from "../../../src/core/plan/decision.ts";
import type { PlanEvent } from "../../../src/core/plan/event.ts";
import { DEFAULT_LIMITS } from "../../../src/core/limits.ts";
import type { Offer } from "../../../src/core/step/lease.ts";
import type { Stores } from "../../../src/store/store.ts";
import type { Wish } from "../../../src/testing/given.ts";
import { tell } from "../tell.ts";
import { documentOf, JOIN, type Diamond } from "./diamond.ts";

export const TENANT = "acme";
const AT = Date.UTC(2026, 0, 1);
export const CAPABILITIES: ReadonlySet<string> = new Set(["tool:work"]);

/** One diamond on its way, and everything that was answered about it. */
export class Race {
  readonly diamond: Diamond;
  readonly #openers: readonly Stores[];
  /** Every event that a process was told of as its own doing, by its id. */
  readonly #told = new Map<string, PlanEvent>();
  readonly #leased = new Map<string, Held>();
  readonly faults: string[] = [];
  /** How often the rules were asked, and by how many commands. */
  decisions = 0;
  commands = 0;
  #names = 0;

  constructor(diamond: Diamond, openers: readonly Stores[]) {
    this.diamond = diamond;
    this.#openers = openers;
  }

  get isJoinLeased(): boolean {
    return this.#leased.has(JOIN);
  }

  async start(): Promise<void> {
    const document = documentOf(this.diamond);
    const decision = await this.#commit(this.#firstOpener, {
      type: "plan.create",
      tenantId: TENANT,
      document,
      inputs: {},
      pins: { tools: {} },
      origin: { kind: "library", trust: "operator" },
      limits: DEFAULT_LIMITS,
      begin: "started",
    });
    this.#expect(decision.ok, "the plan is made");
  }

  /** Everybody asks for one parent at the same moment, each at an opener of its own. */
  async leaseParents(): Promise<void> {
    const { parents, openers } = this.diamond;
    await Promise.all(parents.map(async (_, index) => this.#lease(openers[index] ?? 0)));
    const missing = parents.filter((key) => !this.#leased.has(key));
    this.#expect(missing.length === 0, `${missing.join(", ")} is leased`);
  }

  /** All parents end at the same moment. */
  async reportParents(): Promise<void> {
    const { parents, openers, leasesOn, echoed } = this.diamond;
    await Promise.all(
      parents.flatMap((key, index) => {
        const lease = this.#leased.get(key);
        if (lease === undefined) return [];
        const id = `cmd_${this.diamond.planId}_${key}`;
        const report = (opener: number) => this.#report(key, { opener, id, leasesOn });
        return [report(lease.holder), ...(index === echoed ? [report(openers.at(-1) ?? 0)] : [])];
      }),
    );
  }

  /** Everybody asks for the join; one gets it. */
  async leaseJoin(): Promise<void> {
    if (this.isJoinLeased) return;
    await Promise.all(this.#openers.map((_, opener) => this.#lease(opener)));
    this.#expect(this.isJoinLeased, "the join can be leased");
  }

  async reportJoin(): Promise<void> {
    if (!this.isJoinLeased) return;
    const id = `cmd_${this.diamond.planId}_join`;
    await this.#report(JOIN, { opener: this.#firstOpener, id, leasesOn: false });
  }

  /** How the join stands in the log, and whether the log is what everybody was told. */
  async look(opener: number): Promise<void> {
    const store = this.#openers[opener]?.forTenant(TENANT);
    assert(store !== undefined);
    const { planId, parents } = this.diamond;
    const log = await store.events(planId);
    for (const [index, event] of log.entries()) {
      this.#expect(event.seq === index + 1, `event ${index + 1} is numbered ${event.seq}`);
      this.#expect(this.#told.has(event.id), `${event.id} was answered to whom it is of`);
    }
    this.#expect(
      log.length === this.#told.size,
      `${this.#told.size} events told, ${log.length} kept`,
    );
    for (const key of parents) this.#expectOnce(log, "step.succeeded", key);
    this.#expectOnce(log, "step.readied", JOIN);
    const started = countOf(log, "attempt.started", JOIN);
    this.#expect(started === Number(this.isJoinLeased), `the join was started ${started} times`);
    const status = await store.read(planId, (plan) => plan.steps.get(JOIN)?.status ?? "pending");
    const expected = this.isJoinLeased ? "running" : "ready";
    this.#expect(status === expected, `the join is ${expected}, not ${status}`);
  }

  async lookAtEnd(opener: number): Promise<void> {
    const store = this.#openers[opener]?.forTenant(TENANT);
    const status = await store?.read(this.diamond.planId, (plan) => plan.status);
    this.#expect(status === "completed", `the plan is completed, not ${status}`);
  }

  get #firstOpener(): number {
    return this.diamond.openers[0] ?? 0;
  }

  async #lease(opener: number): Promise<void> {
    const offer = offerOf(opener);
    const decision = await this.#commit(opener, { type: "attempt.lease", offer });
    this.#take(decision, opener);
  }

  async #report(
    stepKey: string,
    { opener, id, leasesOn }: { opener: number; id: string; leasesOn: boolean },
  ): Promise<void> {
    const { attempt, holder } = this.#leased.get(stepKey) ?? NOBODY;
    const decision = await this.#commit(opener, {
      type: "attempt.report",
      id,
      stepKey,
      attempt,
      workerId: workerOf(holder),
      outcome: { kind: "succeeded", output: stepKey },
      chance: 0.5,
      actor: { kind: "worker", id: workerOf(holder) },
      ...(leasesOn ? { offer: offerOf(holder) } : {}),
    });
    this.#expect(decision.ok, `the outcome of ${stepKey} is taken: ${tell(decision)}`);
    this.#take(decision, holder);
  }

  async #commit(opener: number, wish: Wish): Promise<Decision> {
    const store = this.#openers[opener]?.forTenant(TENANT);
    assert(store !== undefined);
    this.#names += 1;
    this.commands += 1;
    const { planId } = this.diamond;
    const actor = { kind: "worker", id: workerOf(opener) } as const;
    const command: PlanCommand = {
      id: `cmd_${planId}_n${this.#names}`,
      planId,
      at: AT,
      actor,
      ...wish,
    };
    const decision = await store.commit(command, this.#counting);
    for (const event of decision.events) this.#hear(event);
    return decision;
  }

  readonly #counting: Decide = (plan, command, pure) => {
    this.decisions += 1;
    return decide(plan, command, pure);
  };

  #hear(event: PlanEvent): void {
    const before = this.#told.get(event.id);
    this.#told.set(event.id, event);
    if (before === undefined) return;
    // An outcome that two processes told is answered to both.
    const isSame = tell(before) === tell(event);
    this.#expect(isSame, `${event.id} was told in two ways`);
  }

  #take(decision: Decision, holder: number): void {
    if (!decision.ok) return;
    for (const { stepKey, attempt } of decision.leases) {
      this.#expect(!this.#leased.has(stepKey), `${stepKey} is leased once`);
      this.#leased.set(stepKey, { attempt, holder });
    }
  }

  #expectOnce(log: readonly PlanEvent[], type: PlanEvent["type"], stepKey: string): void {
    const count = countOf(log, type, stepKey);
    this.#expect(count === 1, `${type} of ${stepKey} came ${count} times`);
  }

  #expect(holds: boolean, what: string): void {
    if (!holds) this.faults.push(`${this.diamond.planId}: not so: ${what}`);
  }
}

/** An attempt, and the opener whose worker has it. */
interface Held {
  readonly attempt: number;
  readonly holder: number;
}

const NOBODY: Held = { attempt: 0, holder: 0 };

function workerOf(opener: number): string {
  return `wrk_${opener}`;
}

function offerOf(opener: number): Offer {
  const workerId = workerOf(opener);
  return { workerId, slots: 1, pools: ["default"], capabilities: CAPABILITIES, idle: true };
}

function countOf(log: readonly PlanEvent[], type: PlanEvent["type"], stepKey: string): number {
  return log.filter((event) => event.type === type && event.stepKey === stepKey).length;
}
