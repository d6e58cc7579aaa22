import assert from "node:assert/strict";
import { checkHistory } from "../../src/core/history/check-history.ts";
import { DEFAULT_LIMITS, type Limits } from "../../src/core/limits.ts";
import { freezePlan, thawPlan } from "../../src/core/plan/checkpoint.ts";
import type { PlanCommand } from "../../src/core/plan/command.ts";
import { decide } from "../../src/core/plan/decide.ts";
import type { Decision } from "../../src/core/plan/decision.ts";
import type { PlanDocument } from "../../src/core/plan/document.ts";
import type { PlanEvent } from "../../src/core/plan/event.ts";
import { evolve, fold } from "../../src/core/plan/evolve.ts";
import { UNLIMITED, type Room } from "../../src/core/shared/room.ts";
import { takeChanges, TakeSum } from "../../src/core/shared/take-changes.ts";
import type { Offer } from "../../src/core/step/lease.ts";
import { laneOf } from "../../src/core/step/lane-of.ts";
import { specOf, stepKeys, stepOf } from "../../src/core/step/lookup.ts";
import { isEnded, type Plan, type Revision } from "../../src/core/plan/plan.ts";
import { fillInputs } from "../../src/format/input-values.ts";
import { findBrokenPromises } from "../../src/testing/find-broken-promises.ts";
import { TEST_PURE, type Wish } from "../../src/testing/given.ts";
import { snapshotPlan } from "../../src/testing/snapshot-plan.ts";

/** 2026-01-01T00:00:00.000Z, and the moment at which plans of the fuzz begin. */
export const BEGINS_AT = 1_767_225_600_000;

/** Small ones, so that they are met. */
const LIMITS: Limits = {
  ...DEFAULT_LIMITS,
  forEachMax: 50,
  signalsMax: 3,
  recoveriesBeforeAlone: 2,
  recoveriesMax: 3,
};

export const CAPPED = ["tenant", "pool:heavy", "owner:command"] as const;

/** Limits that plans share, from the beginning until they are lifted; without a cap there is none. */
export type Caps = Readonly<Partial<Record<(typeof CAPPED)[number], number>>>;

/** A plan under fire: every command is tried twice and held against what a decision must be. */
export class Subject {
  readonly events: PlanEvent[] = [];
  readonly revision: Revision;
  plan: Plan;
  now = BEGINS_AT;
  #commands = 0;
  #caps: Caps;
  readonly #taken = new TakeSum();

  constructor(document: PlanDocument, begin: "draft" | "submitted" | "started", caps: Caps = {}) {
    this.#caps = caps;
    const { inputs } = fillInputs(document, {});
    const create = this.#command({
      type: "plan.create",
      tenantId: "acme",
      document,
      inputs,
      pins: { tools: { work: { effect: "repeatable" } } },
      origin: { kind: "library", trust: "operator" },
      limits: LIMITS,
      begin,
      ...(begin === "started" ? { parent: { planId: "pln_above", stepKey: "a", depth: 1 } } : {}),
    });
    const decision = decide(null, create, TEST_PURE);
    assert(decision.ok && decision.revision !== undefined, "a drawn plan is lawful");
    const { revision } = decision;
    this.revision = revision;
    let plan: Plan | null = null;
    for (const event of decision.events) plan = evolve(plan, event, () => revision);
    assert(plan !== null);
    this.plan = plan;
    this.events.push(...decision.events);
  }

  get isOver(): boolean {
    return isEnded(this.plan.status);
  }

  /** Sends a command and keeps what comes of it. */
  send(wish: Wish): Decision {
    const decision = this.#decide(wish);
    if (isStale(this.plan, wish))
      assert(!decision.ok, `${wish.type} of what is not there is taken`);
    if (wish.type === "attempt.lease") this.#checkOrder(wish.offer, decision);
    for (const event of decision.events) {
      this.#taken.add(takeChanges(this.plan, event));
      this.plan = evolve(this.plan, event, () => this.revision);
      this.events.push(event);
    }
    this.#checkCaps();
    return decision;
  }

  /** Nothing is limited any more. */
  lift(): void {
    this.#caps = {};
  }

  /** What a command would come to. */
  peek(wish: Wish): Decision {
    return decide(this.plan, this.#command(wish), TEST_PURE, this.#room);
  }

  /** What a command comes to: the same each time, and nothing is changed by asking. */
  #decide(wish: Wish): Decision {
    const command = this.#command(wish);
    const before = snapshotPlan(this.plan);
    const first = decide(this.plan, command, TEST_PURE, this.#room);
    const again = decide(this.plan, command, TEST_PURE, this.#room);
    assert.equal(tell(again), tell(first), `${wish.type} is decided otherwise the second time`);
    assert.equal(snapshotPlan(this.plan), before, `deciding ${wish.type} changes the plan`);
    if (!first.ok) assert.notEqual(first.refusal.message, "", "a refusal says why");
    return first;
  }

  get #room(): Room {
    const caps = this.#caps;
    if (Object.keys(caps).length === 0) return UNLIMITED;
    return (key) => {
      const capped = CAPPED.find((name) => name === key);
      const max = capped === undefined ? undefined : caps[capped];
      return max === undefined ? Infinity : max - this.#taken.of(key);
    };
  }

  /** What is taken of each limit is what runs by the text, and never more than it allows. */
  #checkCaps(): void {
    const running = [...this.plan.running.entries()].map(([key]) => specOf(this.plan, key));
    for (const key of CAPPED) {
      const max = this.#caps[key];
      if (max === undefined) continue;
      const own = running.filter(({ pool, capability }) =>
        ["tenant", `pool:${pool}`, `owner:${capability}`].includes(key),
      );
      assert(own.length <= max, `${own.length} attempts of ${key}, and the limit is ${max}`);
      assert.equal(this.#taken.of(key), own.length, `what is taken of ${key} is not what runs`);
    }
  }

  /** Nobody is passed over by a step of lower priority. */
  #checkOrder(offer: Offer, decision: Decision): void {
    if (!decision.ok || decision.leases.length < offer.slots) return;
    const leased = new Set(decision.leases.map(({ stepKey }) => stepKey));
    const lowest = Math.min(...[...leased].map((key) => specOf(this.plan, key).priority));
    for (const key of stepKeys(this.plan)) {
      const step = stepOf(this.plan, key);
      if (step.status !== "ready" || leased.has(key)) continue;
      if (step.notBefore !== null && step.notBefore > this.now) continue;
      const { priority, pool, capability } = specOf(this.plan, key);
      const isServed = offer.pools.includes(pool) && offer.capabilities.has(capability);
      if (!isServed || laneOf(this.plan, step).alone) continue;
      if (this.#caps["pool:heavy"] !== undefined && pool === "heavy") continue;
      if (this.#caps["owner:command"] !== undefined && capability === "command") continue;
      assert(priority <= lowest, `${key} is passed over, which goes before what was leased`);
    }
  }

  /** The log so far is lawful, and the plan is its fold. */
  check(): void {
    const violations = checkHistory(this.events, { revision: this.revision });
    assert.deepEqual(violations, [], "the history breaks an invariant");
    const broken = [...findBrokenPromises(this.events, this.revision, TEST_PURE)];
    assert.deepEqual(broken, [], "the history breaks a promise");
    const folded = fold(this.events, () => this.revision);
    assert(folded !== null);
    assert.equal(snapshotPlan(this.plan), snapshotPlan(folded), "the fold is not the plan");
  }

  /** Goes on with the plan as a checkpoint brings it back. */
  thaw(): void {
    const text = JSON.stringify(freezePlan(this.plan));
    const thawed = thawPlan(JSON.parse(text), () => this.revision);
    assert(thawed !== null, "a checkpoint of now can be used now");
    assert.equal(snapshotPlan(thawed), snapshotPlan(this.plan), "the checkpoint is not the plan");
    this.plan = thawed;
  }

  #command(wish: Wish): PlanCommand {
    this.#commands += 1;
    return {
      id: `cmd_${this.#commands}`,
      planId: "pln_fuzz",
      at: this.now,
      actor: { kind: "person", id: "ada" },
      ...wish,
    };
  }
}

/** Whether a command names something else than what stands there now. */
function isStale(plan: Plan, wish: Wish): boolean {
  if (wish.type === "plan.approve" || wish.type === "plan.reject") {
    return wish.digest !== undefined && wish.digest !== plan.revision.digest;
  }
  if (wish.type !== "request.decide" || wish.subjectDigest === undefined) return false;
  return wish.subjectDigest !== plan.requests.get(wish.requestId)?.subjectDigest;
}

/** A decision without what is no data. */
function tell(decision: Decision): string {
  if (!decision.ok) return JSON.stringify(decision);
  const leases = decision.leases.map(({ scope, ...lease }) => ({ ...lease, inputs: scope.inputs }));
  return JSON.stringify({ ...decision, leases });
}
