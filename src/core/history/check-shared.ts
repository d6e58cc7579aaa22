import type { PlanId, TenantId } from "../id.ts";
import type { PlanEvent } from "../plan/event.ts";
import type { Revision } from "../plan/plan.ts";
import { endsAttempt } from "./follow-step.ts";
import { readPlanText, type PlanText } from "./plan-text.ts";
import { placed, type Violation } from "./violation.ts";

/** A limit that was in force for as long as the logs go. */
export interface SharedCap {
  /** Null: of all tenants together. */
  readonly tenantId: TenantId | null;
  readonly key: string;
  readonly max: number;
}

export interface SharedContext {
  readonly limits: readonly SharedCap[];
  /** The text that a plan carried out. */
  readonly textOf: (planId: PlanId) => Revision;
}

/**
 * I11 and I15 for what plans share: every start of an attempt that a limit had no room for. Reads
 * texts and events alone, not what attempts say that they have taken. Each log is taken in its own
 * order (one may hold the events of several plans, as a feed does), several of them by time: where two
 * events have the same, what ends comes before what starts.
 */
export function checkShared(
  logs: readonly (readonly PlanEvent[])[],
  context: SharedContext,
): readonly Violation[] {
  const count = new SharedCount(context);
  return [...merged(logs)].flatMap((event) => [...count.follow(event)]);
}

/** A limit, and how many attempts have taken of it. */
interface Tally {
  readonly limit: SharedCap;
  used: number;
}

class SharedCount {
  readonly #tallies: readonly Tally[];
  readonly #revisionOf: SharedContext["textOf"];
  readonly #texts = new Map<PlanId, PlanText>();
  /** What attempts under way have taken, by plan and step. */
  readonly #underWay = new Map<string, readonly Tally[]>();

  constructor({ limits, textOf }: SharedContext) {
    this.#tallies = limits.map((limit) => ({ limit, used: 0 }));
    this.#revisionOf = textOf;
  }

  *follow(event: PlanEvent): Generator<Violation, void> {
    const { type, stepKey } = event;
    if (stepKey === undefined) return;
    const name = `${event.planId}\n${stepKey}`;
    if (type === "attempt.started") {
      const tallies = this.#talliesOf(event, stepKey);
      this.#underWay.set(name, tallies);
      for (const tally of tallies) yield* take(event, tally);
    } else if (endsAttempt(type)) {
      for (const tally of this.#underWay.get(name) ?? []) giveBack(tally);
      this.#underWay.delete(name);
    }
  }

  #talliesOf({ planId, tenantId }: PlanEvent, stepKey: string): readonly Tally[] {
    // A child of a list does what its parent's text says.
    const shares = this.#textOf(planId).steps.get(stepKey.replace(/\.\d+$/, ""))?.shares;
    return this.#tallies.filter(
      ({ limit }) => (limit.tenantId ?? tenantId) === tenantId && shares?.has(limit.key) === true,
    );
  }

  #textOf(planId: PlanId): PlanText {
    let text = this.#texts.get(planId);
    if (text === undefined) {
      const { document, pins } = this.#revisionOf(planId);
      this.#texts.set(planId, (text = readPlanText(document, pins)));
    }
    return text;
  }
}

function* take(event: PlanEvent, tally: Tally): Generator<Violation, void> {
  const { key, max } = tally.limit;
  tally.used += 1;
  if (tally.used <= max) return;
  const invariant = isBudget(key) ? "I11" : "I15";
  const message = `${event.id} is number ${tally.used} of ${key}; the limit is ${max}`;
  yield placed({ invariant, message }, event);
}

function giveBack(tally: Tally): void {
  if (!isBudget(tally.limit.key)) tally.used -= 1;
}

function isBudget(key: string): boolean {
  return key.startsWith("budget:");
}

function* merged(logs: readonly (readonly PlanEvent[])[]): Generator<PlanEvent, void> {
  const heads = logs.map((log) => ({ log, at: 0 }));
  for (;;) {
    let next: { readonly event: PlanEvent; readonly head: { at: number } } | null = null;
    for (const head of heads) {
      const event = head.log[head.at];
      if (event !== undefined && (next === null || precedes(event, next.event))) {
        next = { event, head };
      }
    }
    if (next === null) return;
    next.head.at += 1;
    yield next.event;
  }
}

function precedes(left: PlanEvent, right: PlanEvent): boolean {
  if (left.time !== right.time) return left.time < right.time;
  return right.type === "attempt.started" && left.type !== "attempt.started";
}
