import type { PlanId, TenantId } from "../core/id.ts";
import type { Decision } from "../core/plan/decision.ts";
import type { PlanEvent } from "../core/plan/event.ts";
import { evolve } from "../core/plan/evolve.ts";
import type { Plan, Revision } from "../core/plan/plan.ts";
import type { LimitKey } from "../core/shared/limit-key.ts";
import { takeChanges, TakeSum } from "../core/shared/take-changes.ts";
import { wakeups } from "../core/wakeup.ts";
import { dueChanges } from "./due-changes.ts";
import { eventText } from "./event-text.ts";
import type { HeldPlan } from "./held-plan.ts";
import { project } from "./projection.ts";
import type { EventSpan, PlanChange, StoredEvent } from "./wave.ts";

/** What a draft needs of its store. */
export interface DraftSource {
  newPlanNo(): number;
  digest(text: string): string;
}

/** One plan's part of a wave in the making: each accepted decision is remembered at once. */
export class PlanDraft {
  readonly tenantId: TenantId;
  readonly #planId: PlanId;
  readonly #source: DraftSource;
  readonly #events: StoredEvent[] = [];
  readonly #revisions: Revision[] = [];
  readonly #takes = new TakeSum();
  #held: HeldPlan | null;

  constructor(tenantId: TenantId, planId: PlanId, held: HeldPlan | null, source: DraftSource) {
    this.tenantId = tenantId;
    this.#planId = planId;
    this.#held = held;
    this.#source = source;
  }

  get held(): HeldPlan | null {
    return this.#held;
  }

  get plan(): Plan | null {
    return this.#held?.plan ?? null;
  }

  get hasTakes(): boolean {
    return !this.#takes.isEmpty;
  }

  /** What it takes more of a key than it gives back. */
  takenOf(key: LimitKey): number {
    return this.#takes.of(key);
  }

  /** Remembers the events of a decision; null where it has none. */
  append(decision: Decision): EventSpan | null {
    const [first] = decision.events;
    if (first === undefined) return null;
    const revision = (decision.ok && decision.revision) || null;
    if (revision !== null) this.#revisions.push(revision);
    for (const event of decision.events) this.#remember(event, revision);
    const planNo = this.#held?.no ?? 0;
    return { planNo, first: first.seq, last: first.seq + decision.events.length - 1 };
  }

  /** The rows that the wave changes; null where it left no event. */
  finish(): PlanChange | null {
    const held = this.#held;
    if (held === null || this.#events.length === 0) return null;
    const events = this.#events.map(({ event }) => event);
    const due = wakeups(held.plan, events);
    return {
      tenantId: this.tenantId,
      planId: this.#planId,
      held,
      events: this.#events,
      revisions: this.#revisions,
      projection: project(held.plan, events),
      ...dueChanges(held, due),
      messages: due.messages,
      takes: this.#takes.changes(),
    };
  }

  #remember(event: PlanEvent, revision: Revision | null): void {
    this.#assertNext(event);
    this.#takes.add(takeChanges(this.plan, event));
    const plan = evolve(this.plan, event, (number) => {
      if (revision?.number === number) return revision;
      throw new Error(`${event.id} names text ${number}, which did not come with it`);
    });
    const text = eventText(event);
    const hash = this.#source.digest((this.#held?.hash ?? "") + text);
    this.#events.push({ event, text, hash });
    if (this.#held === null) this.#held = this.#newlyHeld(plan, hash);
    this.#held.plan = plan;
    this.#held.hash = hash;
  }

  #newlyHeld(plan: Plan, hash: string): HeldPlan {
    const no = this.#source.newPlanNo();
    return {
      no,
      plan,
      hash,
      checkpointAt: 0,
      rowStatus: null,
      timers: new Map(),
      lanes: new Map(),
    };
  }

  #assertNext(event: PlanEvent): void {
    const seq = (this.plan?.version ?? 0) + 1;
    const isNext =
      event.seq === seq && event.planId === this.#planId && event.tenantId === this.tenantId;
    if (isNext) return;
    throw new Error(
      `${event.id} of tenant ${event.tenantId} is not event ${seq} of ${this.#planId} of tenant ${this.tenantId}`,
    );
  }
}
