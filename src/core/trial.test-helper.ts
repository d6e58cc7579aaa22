import type { Actor } from "./actor.ts";
import { checkHistory } from "./history/check-history.ts";
import type { JsonObject } from "./json.ts";
import { known } from "./known.ts";
import { DEFAULT_LIMITS, type Limits } from "./limits.ts";
import type { CommandData, CommandHead, CommandType } from "./plan/command.ts";
import { decide } from "./plan/decide.ts";
import type { Decision } from "./plan/decision.ts";
import type { PlanDocument, StepDocument } from "./plan/document.ts";
import type { LossReason, PlanEvent, PlanEventOf } from "./plan/event.ts";
import { evolve } from "./plan/evolve.ts";
import type { Pins, Plan, Revision } from "./plan/plan.ts";
import type { Pure } from "./pure.ts";
import type { LimitKey } from "./shared/limit-key.ts";
import type { Room } from "./shared/room.ts";
import { takeChanges, TakeSum } from "./shared/take-changes.ts";
import { findStep } from "./step/lookup.ts";
import type { Lease, Offer } from "./step/lease.ts";
import type { Outcome, StepError } from "./step/outcome.ts";
import type { Step } from "./step/step.ts";

/** A command without what a test need not say: its id, its plan, its time, who sent it. */
export type Wish = {
  [T in CommandType]: { readonly type: T } & CommandData[T] & Partial<CommandHead>;
}[CommandType];

type Report = Extract<Wish, { type: "attempt.report" }>;

/** Steps of which nothing else is said are an agent's. */
export type Steps = Readonly<Record<string, Partial<StepDocument>>>;

export interface TrialOptions {
  readonly pure: Pure;
  /** What the text says besides its steps. */
  readonly text?: Partial<PlanDocument>;
  readonly limits?: Partial<Limits>;
  /** What else the plan is made with. */
  readonly create?: Partial<Omit<CommandData["plan.create"], "document" | "limits">>;
  /** How far the plan has come when the trial begins; `executing` if not said. */
  readonly upTo?: "draft" | "pending-approval" | "approved" | "executing";
  /** Whether every history is held against the invariants; long ones may do so at their end alone. */
  readonly isChecked?: boolean;
}

/** 2026-01-01T00:00:00.000Z */
export const BEGAN_AT = 1_767_225_600_000;
export const ADA: Actor = { kind: "person", id: "ada" };
export const BOT: Actor = { kind: "agent", id: "bot" };
const SYSTEM_ACTOR: Actor = { kind: "system", id: "planwright" };
const OFFER: Offer = {
  workerId: "wrk_1",
  slots: 100,
  pools: ["default"],
  capabilities: new Set(["agent", "command", "external", "verify", "tool:work"]),
  idle: true,
};

/** One plan under the rules: each wish is decided and, as in a store, remembered in place. */
export class Trial {
  readonly events: PlanEvent[] = [];
  /** What the last lease or report brought. */
  leases: readonly Lease[] = [];
  now: number = BEGAN_AT;
  /** Limits that plans share, and what this one has taken of them. */
  readonly limits: Map<LimitKey, number> = new Map();
  readonly taken: TakeSum = new TakeSum();
  readonly #pure: Pure;
  readonly #isChecked: boolean;
  #plan: Plan | null = null;
  #revision: Revision | null = null;
  #commands = 0;

  constructor(steps: Steps, options: TrialOptions) {
    this.#pure = options.pure;
    this.#isChecked = options.isChecked ?? true;
    this.must(createOf(steps, options));
    const stages = ["draft", "pending-approval", "approved", "executing"];
    const stage = stages.indexOf(options.upTo ?? "executing");
    if (stage >= 1) this.must({ type: "plan.submit" });
    const isAsked = this.plan.status === "pending-approval";
    if (stage >= 2 && isAsked) this.must({ type: "plan.approve", by: "person" });
    if (stage >= 3) this.must({ type: "plan.start" });
  }

  get plan(): Plan {
    return known(this.#plan, "plan");
  }

  get revision(): Revision {
    return known(this.#revision, "revision");
  }

  /** What a wish would come to now. Nothing is kept of it. */
  decide(wish: Wish): Decision {
    const head = { id: `cmd_${this.#commands}`, planId: "pln_1", at: this.now, actor: ADA };
    return decide(this.#plan, { ...head, ...wish }, this.#pure, this.room);
  }

  readonly room: Room = (key) => (this.limits.get(key) ?? Infinity) - this.taken.of(key);

  /** Decides a wish and remembers what it leaves. */
  try(wish: Wish): Decision {
    this.#commands += 1;
    const decision = this.decide(wish);
    if (decision.ok) this.#revision = decision.revision ?? this.#revision;
    if (decision.ok) this.leases = decision.leases;
    for (const event of decision.events) {
      this.taken.add(takeChanges(this.#plan, event));
      this.#plan = evolve(this.#plan, event, () => this.revision);
      this.events.push(event);
    }
    if (this.#isChecked && this.#plan !== null) this.check();
    return decision;
  }

  /** What a wish that must be accepted has left, in short. */
  must(wish: Wish): readonly string[] {
    const decision = this.try(wish);
    if (decision.ok) return decision.events.map(tell);
    throw new Error(`${wish.type} was refused: ${decision.refusal.message}`);
  }

  /** The code of the refusal that a wish must meet. */
  refused(wish: Wish): string {
    const decision = this.try(wish);
    return decision.ok ? "accepted" : decision.refusal.code;
  }

  /** Throws where the history breaks an invariant. */
  check(): void {
    const broken = checkHistory(this.events, { revision: this.revision });
    if (broken.length === 0) return;
    const told = broken.map(({ invariant, seq, message }) => `${invariant} at ${seq}: ${message}`);
    throw new Error(`${told.join("\n")}\n${this.events.map(tell).join("\n")}`);
  }

  pass(ms: number): this {
    this.now += ms;
    return this;
  }

  step(key: string): Step {
    return known(findStep(this.plan, key), key);
  }

  /** The last event of a type. */
  last<T extends PlanEvent["type"]>(type: T): PlanEventOf<T> {
    const isOfType = (event: PlanEvent): event is PlanEventOf<T> => event.type === type;
    return known(this.events.findLast(isOfType), type);
  }

  /** The id of the open request of a step, or of the plan. */
  request(stepKey: string | null = null): string {
    const open = [...this.plan.requests.entries()].find(
      ([, request]) => request.status === "open" && request.stepKey === stepKey,
    );
    return known(open, `an open request of ${stepKey}`)[0];
  }

  lease(offer: Partial<Offer> = {}): readonly string[] {
    const full = { ...OFFER, ...offer };
    return this.must({ type: "attempt.lease", offer: full, actor: workerOf(full.workerId) });
  }

  /** Leases what is ready, and reports an outcome of one step. */
  report(stepKey: string, outcome: Outcome, more: Partial<Report> = {}): readonly string[] {
    this.lease();
    return this.must({ ...this.reportOf(stepKey, outcome), ...more });
  }

  /** The report of the last attempt of a step, by whoever holds it. */
  reportOf(stepKey: string, outcome: Outcome): Report {
    const step = this.step(stepKey);
    const workerId = step.status === "running" ? step.workerId : OFFER.workerId;
    const about = { stepKey, attempt: step.attempt, workerId };
    return { type: "attempt.report", ...about, outcome, chance: 0, actor: workerOf(workerId) };
  }

  succeed(stepKey: string, output: JsonObject | null = null): readonly string[] {
    return this.report(stepKey, { kind: "succeeded", output });
  }

  fail(stepKey: string, error: Partial<StepError> = {}): readonly string[] {
    const full = { code: "broken", message: "It broke", retryable: false, ...error };
    return this.report(stepKey, { kind: "failed", error: full });
  }

  lose(stepKey: string, reason: LossReason = "worker-gone"): readonly string[] {
    this.lease();
    const { attempt } = this.step(stepKey);
    return this.must({ type: "attempt.lose", stepKey, attempt, reason, actor: SYSTEM_ACTOR });
  }

  answer(
    stepKey: string | null,
    answer: CommandData["request.decide"]["answer"],
  ): readonly string[] {
    return this.must({ type: "request.decide", requestId: this.request(stepKey), answer });
  }

  fire(stepKey: string | null): readonly string[] {
    return this.must({ type: "timer.fire", stepKey, actor: SYSTEM_ACTOR });
  }
}

function workerOf(id: string): Actor {
  return { kind: "worker", id };
}

function createOf(steps: Steps, { text, limits, create }: TrialOptions): Wish {
  const full = Object.entries(steps).map(([key, step]) => [key, { do: "agent", ...step }] as const);
  const document: PlanDocument = { plan: "A plan", ...text, steps: Object.fromEntries(full) };
  const pins: Pins = { tools: {} };
  const origin = { kind: "library", trust: "operator" } as const;
  const usual = { tenantId: "acme", inputs: {}, pins, origin };
  const all = { ...DEFAULT_LIMITS, ...limits };
  return { type: "plan.create", ...usual, ...create, document, limits: all };
}

/** `step.skipped b (need-not-met)` */
function tell(event: PlanEvent): string {
  const subject = event.stepKey === undefined ? "" : ` ${event.stepKey}`;
  const attempt = event.attempt === undefined ? "" : `#${event.attempt}`;
  return `${event.type}${subject}${attempt}${reasonOf(event)}`;
}

function reasonOf({ data }: PlanEvent): string {
  if ("reason" in data && typeof data.reason === "string") return ` (${data.reason})`;
  return "error" in data && data.error !== undefined ? ` (${data.error.code})` : "";
}
