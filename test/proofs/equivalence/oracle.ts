import { hash } from "node:crypto";
import type { CommandId, PlanId } from "../../../src/core/id.ts";
import { known } from "../../../src/core/known.ts";
import type { PlanCommand } from "../../../src/core/plan/command.ts";
import { decide } from "../../../src/core/plan/decide.ts";
import type { Decision } from "../../../src/core/plan/decision.ts";
import { evolve } from "../../../src/core/plan/evolve.ts";
import type { PlanEvent } from "../../../src/core/plan/event.ts";
import type { MessageId, PlanMessage } from "../../../src/core/plan/message.ts";
import type { Plan, Revision } from "../../../src/core/plan/plan.ts";
import { wakeups } from "../../../src/core/wakeup.ts";
import { TEST_PURE } from "../../../src/testing/given.ts";
import { tell } from "../tell.ts";

/** One plan as the rules alone make it. */
export interface ExpectedPlan {
  readonly plan: Plan;
  readonly revision: Revision;
  readonly events: readonly PlanEvent[];
  /** Of each event: SHA-256 of the hash before it and its canonical text. */
  readonly hashes: readonly string[];
}

/**
 * What a store must come to, by the rules alone: one command after the other in plain memory, without
 * waves, caches or rows. It shares nothing with a store but the rules.
 */
export class Oracle {
  readonly #plans = new Map<PlanId, Kept>();
  readonly #answers = new Map<CommandId, Answered>();
  readonly #messages = new Map<MessageId, PlanMessage>();
  readonly #told = new Set<string>();

  get plans(): ReadonlyMap<PlanId, ExpectedPlan> {
    return this.#plans;
  }

  /** Messages that nobody has delivered yet. */
  get messages(): readonly PlanMessage[] {
    return [...this.#messages.values()];
  }

  /** What was ever told to whom, whether it has been delivered or not. */
  hasTold(kind: PlanMessage["kind"], to: PlanId): boolean {
    return this.#told.has(`${kind} ${to}`);
  }

  /** Whether a command was answered in a way that has to be remembered. */
  remembers(id: CommandId): boolean {
    return this.#answers.has(id);
  }

  plan(planId: PlanId): Plan | null {
    return this.#plans.get(planId)?.plan ?? null;
  }

  send(command: PlanCommand, settles: MessageId | null): Decision {
    const first = this.#answers.get(command.id);
    const decision = first === undefined ? this.#decide(command) : answerAgain(first, command);
    if (settles !== null) this.#messages.delete(settles);
    return decision;
  }

  /** What a command that comes for the first time would come to. */
  peek(command: PlanCommand): Decision {
    return decide(this.plan(command.planId), command, TEST_PURE);
  }

  #decide(command: PlanCommand): Decision {
    const decision = this.peek(command);
    this.#keep(command.planId, decision);
    const isLook = command.type === "attempt.lease" || command.type === "timer.fire";
    if (!isLook || !decision.ok || decision.events.length > 0) {
      this.#answers.set(command.id, { wish: wishOf(command), decision });
    }
    return decision;
  }

  #keep(planId: PlanId, { events, ...decision }: Decision): void {
    if (events.length === 0) return;
    const kept = this.#plans.get(planId);
    const brought = decision.ok ? decision.revision : undefined;
    const revision = known(kept?.revision ?? brought, "the text of a new plan");
    const log = kept?.events ?? [];
    const hashes = kept?.hashes ?? [];
    let plan = kept?.plan ?? null;
    for (const event of events) {
      plan = evolve(plan, event, () => revision);
      log.push(event);
      hashes.push(hash("sha256", (hashes.at(-1) ?? "") + tell(event)));
    }
    const now = known(plan, planId);
    this.#plans.set(planId, { plan: now, revision, events: log, hashes });
    for (const message of wakeups(now, events).messages) {
      this.#messages.set(message.id, message);
      this.#told.add(`${message.kind} ${message.to}`);
    }
  }
}

interface Kept extends ExpectedPlan {
  readonly events: PlanEvent[];
  readonly hashes: string[];
}

/** A command's first answer, and what it wished. */
interface Answered {
  readonly wish: string;
  readonly decision: Decision;
}

function answerAgain({ wish, decision }: Answered, command: PlanCommand): Decision {
  if (wish !== wishOf(command)) return reused(command);
  return decision.ok ? { ...decision, leases: [] } : decision;
}

/** A command without what may differ when it is sent again. */
function wishOf(command: PlanCommand): string {
  const passing = { id: undefined, at: undefined, traceparent: undefined };
  return tell({ ...command, ...passing, chance: undefined, offer: undefined });
}

function reused({ id }: PlanCommand): Decision {
  const message = `the command id ${id} was used before for something else: give every command an id of its own`;
  return { ok: false, refusal: { code: "command-reused", message }, events: [] };
}
