import { hash } from "node:crypto";
import type { PlanCommand } from "../../../src/core/plan/command.ts";
import { decide } from "../../../src/core/plan/decide.ts";
import type { Decision } from "../../../src/core/plan/decision.ts";
import type { PlanDocument, StepDocument } from "../../../src/core/plan/document.ts";
import type { ArtifactId, PlanId, RequestId, TenantId } from "../../../src/core/id.ts";
import type { PlanEventOf } from "../../../src/core/plan/event.ts";
import type { MessageId } from "../../../src/core/plan/message.ts";
import { DEFAULT_LIMITS } from "../../../src/core/limits.ts";
import type { Plan } from "../../../src/core/plan/plan.ts";
import type { Lease } from "../../../src/core/step/lease.ts";
import type { Store } from "../../../src/store/store.ts";
import type { Chance } from "../../../src/testing/chance.ts";
import type { Wish } from "../../../src/testing/given.ts";
import { findForeign, hasMark } from "./tenant-marks.ts";

const AT = Date.UTC(2026, 0, 1);
const CAPABILITIES: ReadonlySet<string> = new Set(["tool:work"]);
/** So many plans are under way at once; one that has ended is followed by another. */
const PLANS = 4;

const ACTS = {
  lease: 4,
  report: 4,
  signal: 2,
  pause: 1,
  again: 2,
  cancel: 0.3,
  acknowledge: 1,
  progress: 1,
  look: 16,
} as const;

/**
 * What one tenant does through the store. All tenants use the same names for their plans, commands,
 * requests and artifacts, and everything that is a tenant's bears its mark.
 */
export class TenantLife {
  readonly faults: string[] = [];
  readonly #store: Store;
  readonly #plans: PlanId[] = [];
  readonly #requests: RequestId[] = [];
  readonly #artifacts: ArtifactId[] = [];
  readonly #leases: Lease[] = [];
  /** Sub-plans that are to be started. */
  readonly #orders: PlanEventOf<"step.waiting">[] = [];
  #last: PlanCommand | null = null;
  #planCount = 0;
  #commandCount = 0;
  #cursor: string | null = null;
  /** Answers with something of this tenant in them. */
  met = 0;

  constructor(store: Store) {
    this.#store = store;
  }

  get tenantId(): TenantId {
    return this.#store.tenantId;
  }

  /** What no other tenant may have delivered: the messages have the same names everywhere. */
  get messages(): readonly MessageId[] {
    return this.#orders.map(messageOf);
  }

  async begin(): Promise<void> {
    for (let plan = 0; plan < PLANS; plan += 1) await this.#create(plan);
  }

  async act(chance: Chance): Promise<void> {
    const place = chance.between(0, PLANS - 1, "plan");
    const planId = this.#plans[place] ?? "";
    switch (chance.pickWeighted(ACTS, "act")) {
      case "lease":
        return this.#lease(planId);
      case "report":
        return this.#report();
      case "signal":
        await this.#send(planId, { type: "signal.deliver", name: "s", payload: this.#mark });
        return;
      case "pause":
        await this.#send(planId, { type: "plan.pause", reason: this.#mark });
        await this.#send(planId, { type: "plan.resume" });
        return;
      case "again":
        return this.#again();
      case "cancel":
        await this.#send(planId, { type: "plan.cancel", mode: "stop", reason: this.#mark });
        return this.#create(place);
      case "acknowledge":
        return this.#acknowledge();
      case "progress":
        return this.#progress(planId);
      case "look":
        return this.#look(planId, chance);
    }
  }

  get #mark(): string {
    return this.#store.tenantId;
  }

  async #create(place: number): Promise<void> {
    const planId = `pln_${this.#planCount}`;
    this.#planCount += 1;
    this.#plans[place] = planId;
    const decision = await this.#send(planId, {
      type: "plan.create",
      tenantId: this.#mark,
      document: documentOf(this.#mark),
      inputs: {},
      pins: { tools: {} },
      origin: { kind: "library", trust: "operator" },
      limits: DEFAULT_LIMITS,
      begin: "started",
    });
    if (!decision.ok)
      this.faults.push(`${planId} of ${this.#mark} was not made: another's is known`);
  }

  async #lease(planId: PlanId): Promise<void> {
    const workerId = `wrk_${this.#mark}`;
    const offer = {
      workerId,
      slots: 2,
      pools: ["default"],
      capabilities: CAPABILITIES,
      idle: true,
    };
    const decision = await this.#send(planId, { type: "attempt.lease", offer });
    if (decision.ok) this.#leases.push(...decision.leases);
  }

  async #report(): Promise<void> {
    const lease = this.#leases.shift();
    if (lease === undefined) return;
    const { planId, stepKey, attempt } = lease;
    const id = `art_${this.#artifacts.length}`;
    this.#artifacts.push(id);
    const artifact = {
      id,
      name: this.#mark,
      sha256: hash("sha256", "the same for all"),
      size: 1,
      mediaType: "text/plain",
    };
    await this.#send(planId, {
      type: "attempt.report",
      stepKey,
      attempt,
      workerId: `wrk_${this.#mark}`,
      outcome: { kind: "succeeded", output: this.#mark, artifacts: [artifact] },
      chance: 0.5,
    });
  }

  /** The answer that was given before: to this tenant, not to another who used the same id. */
  async #again(): Promise<void> {
    if (this.#last === null) return;
    const decision = await this.#commit(this.#last);
    if (!decision.ok && decision.refusal.code === "command-reused") {
      this.faults.push(`${this.#last.id} of ${this.#mark} is taken for another's`);
    }
  }

  async #acknowledge(): Promise<void> {
    const order = this.#orders.shift();
    if (order === undefined) return;
    const { planId, stepKey = "", data } = order;
    const wish: Wish = { type: "child.acknowledge", stepKey, childPlanId: data.childPlanId ?? "" };
    await this.#send(planId, wish, messageOf(order));
  }

  async #progress(planId: PlanId): Promise<void> {
    const stepKey = `a_${this.#mark}`;
    const chunk = {
      planId,
      stepKey,
      attempt: 1,
      stream: "note",
      text: this.#mark,
      at: AT,
    } as const;
    await this.#store.appendProgress([chunk]);
    this.#judge("progress", await this.#store.progress({ planId, stepKey, limit: 20 }));
  }

  async #look(planId: PlanId, chance: Chance): Promise<void> {
    const store = this.#store;
    const pick = <T>(list: readonly T[], otherwise: T): T =>
      list.length === 0 ? otherwise : chance.pick(list, "which");
    const looks: readonly (readonly [string, () => Promise<unknown>])[] = [
      ["events", () => store.events(planId, { limit: 20 })],
      ["chain", () => store.chain(planId, { limit: 20 })],
      ["plan", () => store.read(planId, tellPlan)],
      ["revision", () => store.revision(planId, 1)],
      ["plans", () => store.plans({ limit: 20 })],
      ["plans by status", () => store.plans({ status: ["executing", "cancelled"], limit: 20 })],
      ["plans by parent", () => store.plans({ parentPlanId: null, limit: 20 })],
      ["requests", () => store.requests({ limit: 20 })],
      ["open requests", () => store.requests({ status: ["open"], limit: 20 })],
      ["requests of a plan", () => store.requests({ planId, limit: 20 })],
      ["steps", () => store.steps(planId)],
      ["artifacts", () => store.artifacts(planId)],
      ["artifact", () => store.findArtifact(pick(this.#artifacts, "art_0"))],
      ["owner of a request", () => store.findPlanOfRequest(pick(this.#requests, "req_0"))],
      ["feed", () => this.#feed(chance)],
    ];
    const [what, look] = chance.pick(looks, "look");
    this.#judge(what, await look());
  }

  async #feed(chance: Chance): Promise<unknown> {
    const from = chance.happens(0.1, "from the beginning") ? null : this.#cursor;
    const page = await this.#store.feed(from, 20);
    this.#cursor = page.cursor;
    return page.events;
  }

  async #send(planId: PlanId, wish: Wish, settles?: MessageId): Promise<Decision> {
    this.#commandCount += 1;
    const id = `cmd_${this.#commandCount}`;
    const actor = { kind: "person", id: this.#mark } as const;
    const command: PlanCommand = { id, planId, at: AT, actor, ...wish };
    this.#last = command;
    const decision = await this.#commit(command, settles);
    for (const event of decision.events) {
      if (event.type === "step.waiting" && event.data.childPlanId !== undefined) {
        this.#orders.push(event);
      }
      if (event.type === "request.created") this.#requests.push(event.data.requestId);
    }
    if (!decision.ok && BETRAYING.has(decision.refusal.code)) {
      this.faults.push(
        `${id} of ${this.#mark} was refused by what another has: ${decision.refusal.code}`,
      );
    }
    return decision;
  }

  async #commit(command: PlanCommand, settles?: MessageId): Promise<Decision> {
    const decision = await this.#store.commit(command, decide, settles);
    this.#judge(`answer to ${command.type}`, decision.events);
    return decision;
  }

  #judge(what: string, answer: unknown): void {
    const foreign = findForeign(answer, this.#mark);
    if (foreign !== null) this.faults.push(`${what}: ${this.#mark} was shown what is ${foreign}'s`);
    if (hasMark(answer)) this.met += 1;
  }
}

/** What no tenant hears who is alone in the database. */
const BETRAYING: ReadonlySet<string> = new Set(["not-found", "already-exists", "command-reused"]);

function messageOf({ id, stepKey }: PlanEventOf<"step.waiting">): MessageId {
  return `${id}/start/${stepKey}`;
}

function documentOf(mark: string): PlanDocument {
  const step: StepDocument = { do: "tool", owner: "work", effect: "none" };
  return {
    plan: mark,
    policy: { approval: "none", concurrency: 10 },
    steps: {
      [`a_${mark}`]: step,
      [`b_${mark}`]: step,
      [`c_${mark}`]: { ...step, needs: [`a_${mark}`] },
      [`ask_${mark}`]: { do: "human", request: { kind: "approval", title: mark } },
      [`wait_${mark}`]: { do: "wait", wait: { for: "1h" } },
      [`sub_${mark}`]: { do: "plan", plan: { plan: mark, steps: { a: step } } },
    },
  };
}

function tellPlan(plan: Plan): unknown {
  const { id, name, status, version, tenantId } = plan;
  return { id, name, status, version, tenantId, steps: [...plan.steps.entries()] };
}
