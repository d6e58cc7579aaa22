import type { CommandId, PlanId, TenantId } from "../core/id.ts";
import type { PlanCommand } from "../core/plan/command.ts";
import type { Decision } from "../core/plan/decision.ts";
import type { PlanEvent } from "../core/plan/event.ts";
import type { Revision } from "../core/plan/plan.ts";
import type { Pure } from "../core/pure.ts";
import { isOfAllTenants, type LimitKey } from "../core/shared/limit-key.ts";
import { UNLIMITED, type Room } from "../core/shared/room.ts";
import { commandDigest } from "./command-digest.ts";
import { isOfOnePlan } from "./fold-fault.ts";
import type { HeldPlan } from "./held-plan.ts";
import { cacheKey } from "./plan-cache.ts";
import { PlanDraft, type DraftSource } from "./plan-draft.ts";
import { StoreFault } from "./store.ts";
import type {
  AnsweredCommand,
  Answer,
  CommandRecord,
  EventSpan,
  PlanChange,
  SettledMessage,
  Submission,
  Wave,
} from "./wave.ts";

/** What a wave has to look up. Synchronous: what is far away is fetched before. */
export interface WaveSource extends DraftSource {
  findPlan(tenantId: TenantId, planId: PlanId): HeldPlan | null;
  findCommand(tenantId: TenantId, id: CommandId): CommandRecord | null;
  readEvents(span: EventSpan): readonly PlanEvent[];
  readRevision(planNo: number, number: number): Revision;
  /** What was left of a tenant's limits before the wave; `UNLIMITED` where it has none. */
  room(tenantId: TenantId): Room;
}

/** A wave, and the plans that it looked at, by `cacheKey`. */
export interface DecidedWave extends Wave {
  readonly held: ReadonlyMap<string, DecidedPlan>;
}

/** A plan as it is after a wave, and the version that was decided on: 0 where there was none. */
export interface DecidedPlan {
  readonly held: HeldPlan;
  readonly before: number;
}

/**
 * Decides the commands that wait at the same time, one after the other, each on what those before
 * it have come to. Nothing is written and nobody is answered here.
 */
export function decideWave(
  submissions: readonly Submission[],
  source: WaveSource,
  pure: Pure,
): DecidedWave {
  const wave = new WaveInTheMaking(source, pure);
  for (const submission of submissions) wave.take(submission);
  return wave.finish();
}

interface Recorded {
  readonly record: AnsweredCommand;
  readonly decision: Decision;
  readonly planKey: string;
}

/** One plan's part: what was said about it in this wave, and what it came to. */
interface Part {
  readonly draft: PlanDraft;
  /** Its version before. */
  readonly before: number;
  readonly submissions: Submission[];
}

const AGAIN: Answer = { kind: "again" };

class WaveInTheMaking {
  readonly #source: WaveSource;
  readonly #pure: Pure;
  readonly #parts = new Map<string, Part>();
  readonly #broken = new Set<string>();
  readonly #recorded = new Map<string, Recorded>();
  readonly #answers = new Map<Submission, Answer>();

  constructor(source: WaveSource, pure: Pure) {
    this.#source = source;
    this.#pure = pure;
  }

  take(submission: Submission): void {
    const { tenantId, command } = submission;
    const planKey = cacheKey(tenantId, command.planId);
    if (this.#broken.has(planKey)) {
      this.#answers.set(submission, AGAIN);
      return;
    }
    try {
      const part = this.#part(planKey, submission);
      part.submissions.push(submission);
      const decision = this.#known(submission) ?? this.#decide(submission, planKey, part.draft);
      this.#answers.set(submission, { kind: "decided", decision });
    } catch (error) {
      if (StoreFault.is(error) && !isOfOnePlan(error)) throw error;
      this.#break(planKey);
      this.#answers.set(submission, { kind: "failed", error });
    }
  }

  finish(): DecidedWave {
    const changes = new Map<string, PlanChange | null>();
    for (const [planKey, part] of this.#parts) {
      changes.set(planKey, this.#finishPart(planKey, part));
    }
    const plans: PlanChange[] = [];
    const held = new Map<string, DecidedPlan>();
    for (const [planKey, { draft, before }] of this.#parts) {
      if (this.#broken.has(planKey)) continue;
      const change = changes.get(planKey) ?? null;
      if (change !== null) plans.push(change);
      if (draft.held !== null) held.set(planKey, { held: draft.held, before });
    }
    const commands = [...this.#recorded.values()].map(({ record }) => record);
    return { plans, held, commands, settled: this.#settled(), answers: this.#answers };
  }

  #part(planKey: string, { tenantId, command }: Submission): Part {
    const existing = this.#parts.get(planKey);
    if (existing !== undefined) return existing;
    const held = this.#source.findPlan(tenantId, command.planId);
    const draft = new PlanDraft(tenantId, command.planId, held, this.#source);
    const part = { draft, before: held?.plan.version ?? 0, submissions: [] };
    this.#parts.set(planKey, part);
    return part;
  }

  #decide(submission: Submission, planKey: string, draft: PlanDraft): Decision {
    const { tenantId, command, decide } = submission;
    const decision = decide(draft.plan, command, this.#pure, this.#room(tenantId));
    const left = draft.append(decision);
    if (left === null && decision.ok && LOOKS.has(command.type)) return decision;
    const record: AnsweredCommand = {
      tenantId,
      planId: command.planId,
      id: command.id,
      digest: commandDigest(command, this.#digest),
      left,
      revision: decision.ok ? (decision.revision?.number ?? null) : null,
      refusal: decision.ok ? null : decision.refusal,
    };
    this.#recorded.set(cacheKey(tenantId, command.id), { record, decision, planKey });
    return decision;
  }

  /** What is left now, by what the parts of this wave have taken and given back so far. */
  #room(tenantId: TenantId): Room {
    const before = this.#source.room(tenantId);
    if (before === UNLIMITED) return UNLIMITED;
    return (key) => {
      const left = before(key);
      return left === Infinity ? Infinity : left - this.#takenOf(tenantId, key);
    };
  }

  #takenOf(tenantId: TenantId, key: LimitKey): number {
    let taken = 0;
    for (const [planKey, { draft }] of this.#parts) {
      const isOfKey = isOfAllTenants(key) || draft.tenantId === tenantId;
      if (isOfKey && !this.#broken.has(planKey)) taken += draft.takenOf(key);
    }
    return taken;
  }

  readonly #digest = (text: string): string => this.#source.digest(text);

  /** The first answer to a command that came before, in this wave or another. */
  #known({ tenantId, command }: Submission): Decision | null {
    const recorded = this.#recorded.get(cacheKey(tenantId, command.id));
    const record = recorded?.record ?? this.#source.findCommand(tenantId, command.id);
    if (record === null) return null;
    if (record.digest !== commandDigest(command, this.#digest)) return reused(command);
    if (recorded !== undefined) return withoutLeases(recorded.decision);
    const events = record.left === null ? [] : this.#source.readEvents(record.left);
    if (record.refusal !== null) return { ok: false, refusal: record.refusal, events };
    if (record.revision === null || record.left === null) return { ok: true, events, leases: [] };
    const revision = this.#source.readRevision(record.left.planNo, record.revision);
    return { ok: true, events, revision, leases: [] };
  }

  #finishPart(planKey: string, part: Part): PlanChange | null {
    if (this.#broken.has(planKey)) return null;
    try {
      return part.draft.finish();
    } catch (error) {
      this.#break(planKey);
      for (const submission of part.submissions) {
        this.#answers.set(submission, { kind: "failed", error });
      }
      return null;
    }
  }

  /**
   * A bug in the rules: what this wave had made of the plan is thrown away and decided anew, and so
   * is what the others may have taken because that plan gave it back.
   */
  #break(planKey: string): void {
    this.#throwAway(planKey);
    if (this.#parts.get(planKey)?.draft.hasTakes !== true) return;
    for (const [other, { draft }] of this.#parts) if (draft.hasTakes) this.#throwAway(other);
  }

  #throwAway(planKey: string): void {
    if (this.#broken.has(planKey)) return;
    this.#broken.add(planKey);
    for (const submission of this.#parts.get(planKey)?.submissions ?? []) {
      this.#answers.set(submission, AGAIN);
    }
    for (const [key, recorded] of this.#recorded) {
      if (recorded.planKey === planKey) this.#recorded.delete(key);
    }
  }

  #settled(): Wave["settled"] {
    const settled: SettledMessage[] = [];
    for (const [{ tenantId, command, settles }, answer] of this.#answers) {
      if (settles !== null && answer.kind === "decided") {
        settled.push({ tenantId, planId: command.planId, messageId: settles });
      }
    }
    return settled;
  }
}

/** Commands that only ask whether there is something to do: nothing came of them, nothing is kept. */
const LOOKS: ReadonlySet<PlanCommand["type"]> = new Set<PlanCommand["type"]>([
  "attempt.lease",
  "timer.fire",
]);

function reused({ id }: PlanCommand): Decision {
  const message = `the command id ${id} was used before for something else: give every command an id of its own`;
  return { ok: false, refusal: { code: "command-reused", message }, events: [] };
}

function withoutLeases(decision: Decision): Decision {
  return decision.ok ? { ...decision, leases: [] } : decision;
}
