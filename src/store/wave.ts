import type { CommandId, PlanId, TenantId } from "../core/id.ts";
import type { PlanCommand } from "../core/plan/command.ts";
import type { Decide, Decision } from "../core/plan/decision.ts";
import type { PlanEvent } from "../core/plan/event.ts";
import type { MessageId, PlanMessage } from "../core/plan/message.ts";
import type { Revision } from "../core/plan/plan.ts";
import type { Refusal } from "../core/refusal.ts";
import type { TakeChange } from "../core/shared/take-changes.ts";
import type { LaneWakeup, TimerWakeup } from "../core/wakeup.ts";
import type { HeldPlan } from "./held-plan.ts";
import type { Projection } from "./projection.ts";

/** A command on its way through a wave. */
export interface Submission {
  readonly tenantId: TenantId;
  readonly command: PlanCommand;
  readonly decide: Decide;
  readonly settles: MessageId | null;
}

/** What a wave of commands came to: rows to be written in one transaction, and everybody's answer. */
export interface Wave {
  readonly plans: readonly PlanChange[];
  readonly commands: readonly AnsweredCommand[];
  readonly settled: readonly SettledMessage[];
  readonly answers: ReadonlyMap<Submission, Answer>;
}

/** Given after the wave has been written, never before. */
export type Answer =
  | { readonly kind: "decided"; readonly decision: Decision }
  | { readonly kind: "failed"; readonly error: unknown }
  /** Its plan has to be read afresh: decide it in the next wave. */
  | { readonly kind: "again" };

/** All that one wave changes of one plan. */
export interface PlanChange {
  readonly tenantId: TenantId;
  readonly planId: PlanId;
  readonly held: HeldPlan;
  readonly events: readonly StoredEvent[];
  readonly revisions: readonly Revision[];
  readonly projection: Projection;
  /** Only what differs from the rows; `at` null removes one. */
  readonly timers: readonly TimerWakeup[];
  readonly lanes: readonly LaneWakeup[];
  readonly messages: readonly PlanMessage[];
  /** Of what plans share, in the order of keys. */
  readonly takes: readonly TakeChange[];
}

/** An event with its canonical text and its place in the hash chain. */
export interface StoredEvent {
  readonly event: PlanEvent;
  readonly text: string;
  readonly hash: string;
}

/** What was answered to a command, so that the same id is answered the same. */
export interface CommandRecord {
  readonly tenantId: TenantId;
  readonly id: CommandId;
  readonly digest: string;
  /** The events that it left, if any. */
  readonly left: EventSpan | null;
  /** The text that it brought, by number. */
  readonly revision: number | null;
  /** Null: it was accepted. */
  readonly refusal: Refusal | null;
}

/** A command and the plan that it was about. */
export interface AnsweredCommand extends CommandRecord {
  readonly planId: PlanId;
}

export interface EventSpan {
  readonly planNo: number;
  readonly first: number;
  readonly last: number;
}

/** A message, and the plan whose commit delivers it. */
export interface SettledMessage {
  readonly tenantId: TenantId;
  readonly planId: PlanId;
  readonly messageId: MessageId;
}
