import type { Actor } from "../actor.ts";
import type { ArtifactId, PlanId, RequestId, TenantId, WorkerId } from "../id.ts";
import type { Json, JsonObject } from "../json.ts";
import type { Limits } from "../limits.ts";
import type {
  RequestKind,
  RequestOption,
  RequestReason,
  RequestTimeout,
} from "../request/request.ts";
import type { ArtifactRef, StepError } from "../step/outcome.ts";
import type { LimitKey } from "../shared/limit-key.ts";
import type { Effect } from "./document.ts";
import type { Origin } from "./plan.ts";

/** A time as it is stored and shown: RFC 3339 in UTC with milliseconds. */
export type Timestamp = string;

/** What every event says, whatever happened. `id` is `<planId>/<seq>`. */
export interface EventHead {
  readonly id: string;
  /** 1, 2, 3 … within the plan, without gaps. */
  readonly seq: number;
  /** Version of the shape of `data`; fields may be added under the same number. */
  readonly v: 1;
  readonly time: Timestamp;
  readonly tenantId: TenantId;
  readonly planId: PlanId;
  readonly actor: Actor;
  readonly traceparent?: string;
}

/** Why a step was skipped. */
export type SkipReason =
  | "condition"
  | "need-not-met"
  | "operator"
  | "fallback-not-needed"
  | "timeout";
/** Why a step waits. */
export type WaitReason =
  | "request"
  | "gate"
  | "timer"
  | "signal"
  | "sub-plan"
  | "children"
  | "fallback"
  | "ambiguous-effect"
  | "set-aside"
  | "failed";
/** Why a step was cancelled. */
export type CancelReason = "plan-cancelled" | "plan-failing" | "plan-finished" | "parent-ended";
/** Why an attempt ended without an outcome. */
export type LossReason = "worker-gone" | "drained";

/** What each type of event of a plan carries, besides the head. */
export interface EventData {
  "plan.created": {
    readonly name: string;
    readonly revision: number;
    readonly digest: string;
    readonly origin: Origin;
    readonly limits: Limits;
    readonly parent?: ParentLink;
  };
  "plan.submitted": { readonly digest: string; readonly requestId?: RequestId };
  "plan.approved": {
    readonly digest: string;
    readonly by: ApprovalSource;
    readonly comment?: string;
  };
  "plan.rejected": { readonly digest: string; readonly reason: string };
  "plan.started": JsonEmpty;
  "plan.paused": { readonly reason?: string };
  "plan.resumed": JsonEmpty;
  "plan.cancel-requested": { readonly mode: CancelMode; readonly reason?: string };
  /** The plan is going to fail: nothing starts any more, what runs is drained. */
  "plan.failing": { readonly stepKey?: string; readonly error: StepError };
  "plan.finished": FinishReport & { readonly result: "success" | "failure" };
  "plan.completed": { readonly partial: boolean; readonly answer?: Json };
  "plan.failed": { readonly error: StepError };
  "plan.cancelled": { readonly reason?: string };

  "step.readied": { readonly notBefore?: Timestamp };
  "step.expanded": { readonly items: readonly Json[]; readonly concurrency?: number };
  "step.waiting": {
    readonly reason: WaitReason;
    readonly until?: Timestamp;
    readonly signal?: string;
    readonly childPlanId?: PlanId;
    readonly requestId?: RequestId;
    readonly error?: StepError;
    readonly input?: Json;
  };
  "step.succeeded": {
    readonly output: Json;
    readonly partial?: string;
    readonly manual?: { readonly note: string };
    readonly artifacts?: readonly ArtifactRef[];
    /** How long the attempt worked, as its worker measured it, in milliseconds. */
    readonly workedMs?: number;
    readonly outcomeDigest?: string;
  };
  "step.failed": { readonly error: StepError; readonly outcomeDigest?: string };
  "step.skipped": { readonly reason: SkipReason; readonly note?: string; readonly need?: string };
  "step.cancelled": { readonly reason: CancelReason };

  "attempt.started": {
    readonly workerId: WorkerId;
    /** The resolved `with`; absent where it holds no expression and stands in the text as it is. */
    readonly input?: Json;
    readonly effect: Effect;
    /** Failed attempts since the last feedback, and attempts that ended without an outcome. */
    readonly failures: number;
    readonly recoveries: number;
    /** Keys of the limits that it has taken one of, until it ends; absent where nothing limits it. */
    readonly takes?: readonly LimitKey[];
  };
  "attempt.lost": { readonly reason: LossReason; readonly workerId: WorkerId };
  "attempt.failed": {
    readonly error: StepError;
    /** When the next attempt may start; absent where there is none. */
    readonly retryAt?: Timestamp;
    readonly feedback?: readonly Feedback[];
    readonly outcomeDigest?: string;
  };
  /** A report of an attempt that no longer counts. It changes nothing, and is kept for reading. */
  "attempt.refused": {
    readonly current: number;
    readonly workerId: WorkerId;
    readonly brought: JsonObject;
  };

  "request.created": RequestCreated;
  "request.decided": {
    readonly requestId: RequestId;
    readonly answer: Json;
    readonly comment?: string;
    readonly by: "person" | "timeout" | "policy";
  };
  "request.expired": { readonly requestId: RequestId };
  "request.closed": { readonly requestId: RequestId; readonly reason: string };
  "approval.consumed": { readonly requestId: RequestId; readonly digest: string };

  "signal.received": { readonly name: string; readonly payload: Json; readonly key?: string };
  "check.passed": CheckReport;
  "check.failed": CheckReport & { readonly message: string };
  "child.started": { readonly childPlanId: PlanId };
  "child.ended": {
    readonly childPlanId: PlanId;
    readonly status: "completed" | "failed" | "cancelled" | "rejected";
    readonly partial: boolean;
    readonly answer?: Json;
    readonly error?: StepError;
  };
  "artifact.published": { readonly artifact: ArtifactRef };
}

/** `{}` */
export type JsonEmpty = Readonly<Record<string, never>>;

/** The plan and step that a sub-plan was made for. */
export interface ParentLink {
  readonly planId: PlanId;
  readonly stepKey: string;
  readonly depth: number;
}

/** What an approval rests on: a person's word, a policy that asks for none, or the parent's approval. */
export type ApprovalSource = "person" | "policy" | "parent";

/** `stop` ends what runs at once; `drain` lets it end and starts nothing. */
export type CancelMode = "stop" | "drain";

/** What the one who finishes a plan by hand says. */
export interface FinishReport {
  readonly answer?: Json;
  readonly summary?: string;
  readonly evidence?: readonly string[];
}

/** One failed check, told to whoever tries again. */
export interface Feedback {
  readonly check: string;
  readonly message: string;
}

/** One check with its evidence. */
export interface CheckReport {
  readonly check: string;
  readonly kind: "expression" | "schema" | "command";
  readonly round: number;
  readonly exitCode?: number;
  readonly artifactId?: ArtifactId;
}

export interface RequestCreated {
  readonly requestId: RequestId;
  readonly kind: RequestKind;
  readonly title: string;
  readonly message: string;
  readonly reason: RequestReason | null;
  readonly form: JsonObject | null;
  readonly options: readonly RequestOption[];
  readonly subjectDigest: string;
  readonly assignees: readonly string[];
  readonly quorum: number;
  readonly dueAt: Timestamp | null;
  readonly onTimeout: RequestTimeout;
}

export type EventType = keyof EventData;

/** The fields that say what an event is about: the step, and which attempt of it. */
export interface EventSubject {
  readonly stepKey?: string;
  readonly attempt?: number;
}

type EventOf<T extends EventType> = EventHead &
  EventSubject & { readonly type: T; readonly data: EventData[T] };

/** A fact about a plan, in past tense: what the log keeps, and what every stream and hook shows. */
export type PlanEvent = { [T in EventType]: EventOf<T> }[EventType];

/** The event of one type. */
export type PlanEventOf<T extends EventType> = Extract<PlanEvent, { type: T }>;
