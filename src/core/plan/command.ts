import type { Actor } from "../actor.ts";
import type { CommandId, PlanId, RequestId, TenantId, WorkerId } from "../id.ts";
import type { Json, JsonObject } from "../json.ts";
import type { Limits } from "../limits.ts";
import type { Offer } from "../step/lease.ts";
import type { Outcome, StepError } from "../step/outcome.ts";
import type { PlanDocument } from "./document.ts";
import type { ApprovalSource, CancelMode, FinishReport, LossReason, ParentLink } from "./event.ts";
import type { Origin, Pins } from "./plan.ts";

/** What every wish says. All that varies comes in here: the core has no clock and no chance. */
export interface CommandHead {
  /** The same id is decided once; ids that a decision needs are derived from it. */
  readonly id: CommandId;
  readonly planId: PlanId;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly actor: Actor;
  readonly traceparent?: string;
}

/** What each command carries, besides the head. */
export interface CommandData {
  "plan.create": {
    readonly tenantId: TenantId;
    readonly document: PlanDocument;
    readonly inputs: JsonObject;
    readonly pins: Pins;
    readonly origin: Origin;
    readonly limits: Limits;
    readonly parent?: ParentLink;
    /** A sub-plan is created, approved by its parent's approval and started in one decision. */
    readonly begin?: "draft" | "submitted" | "started";
  };
  "plan.submit": Nothing;
  "plan.approve": {
    readonly digest?: string;
    readonly by: ApprovalSource;
    readonly comment?: string;
    readonly start?: boolean;
  };
  "plan.reject": { readonly digest?: string; readonly reason: string };
  "plan.start": Nothing;
  "plan.pause": { readonly reason?: string };
  "plan.resume": Nothing;
  "plan.cancel": { readonly mode: CancelMode; readonly reason?: string };
  "plan.finish": FinishReport & { readonly result: "success" | "failure" };
  "step.retry": { readonly stepKey: string };
  "step.skip": { readonly stepKey: string; readonly reason: string };
  "step.complete": { readonly stepKey: string; readonly output: Json; readonly note: string };
  /** A worker asks for work. */
  "attempt.lease": { readonly offer: Offer };
  /** A worker tells how an attempt ended, and asks for more in the same breath. */
  "attempt.report": {
    readonly stepKey: string;
    readonly attempt: number;
    readonly workerId: WorkerId;
    readonly outcome: Outcome;
    /** Chance for the backoff's jitter, 0 to 1. */
    readonly chance: number;
    readonly offer?: Offer;
  };
  /** An attempt is known to have ended without an outcome. */
  "attempt.lose": {
    readonly stepKey: string;
    readonly attempt: number;
    readonly reason: LossReason;
  };
  "request.decide": {
    readonly requestId: RequestId;
    readonly answer: Json;
    readonly comment?: string;
    readonly subjectDigest?: string;
  };
  "signal.deliver": { readonly name: string; readonly payload: Json; readonly key?: string };
  /** A timer of a step, or of the plan (no key), is due: look again. */
  "timer.fire": { readonly stepKey: string | null };
  /** The sub-plan of a step exists. */
  "child.acknowledge": { readonly stepKey: string; readonly childPlanId: PlanId };
  /** The sub-plan of a step has ended, or could not be made. */
  "child.report": {
    readonly stepKey: string;
    readonly childPlanId: PlanId;
    readonly status: "completed" | "failed" | "cancelled" | "rejected";
    readonly partial: boolean;
    readonly answer?: Json;
    readonly error?: StepError;
  };
}

type Nothing = Readonly<Record<never, never>>;

export type CommandType = keyof CommandData;

/** A wish of one type. */
export type PlanCommandOf<T extends CommandType> = CommandHead & {
  readonly type: T;
} & CommandData[T];

/** A wish for one plan, in the imperative. */
export type PlanCommand = { [T in CommandType]: PlanCommandOf<T> }[CommandType];
