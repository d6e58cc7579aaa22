import type { PlanId, RequestId, WorkerId } from "../id.ts";
import type { Json } from "../json.ts";
import type { CancelReason, Feedback, SkipReason, WaitReason } from "../plan/event.ts";
import type { LimitKey } from "../shared/limit-key.ts";
import type { ArtifactRef, StepError } from "./outcome.ts";

export const STEP_STATUSES = [
  "pending",
  "ready",
  "running",
  "waiting",
  "succeeded",
  "failed",
  "skipped",
  "cancelled",
] as const;
export type StepStatus = (typeof STEP_STATUSES)[number];

/** A decided gate: used up once, by what starts first; nothing but the approved input is ever carried out. */
export interface ConsumableApproval {
  readonly requestId: RequestId;
  readonly digest: string;
  readonly input: Json;
  readonly consumed: boolean;
}

/** What a step remembers whatever its status is. Times are milliseconds since 1970. */
export interface StepBase {
  readonly key: string;
  /** The `forEach` step that this one is a child of, and which of its items it works on. */
  readonly parentKey: string | null;
  readonly itemIndex: number | null;
  /** The highest attempt number issued; the fencing token. 0 before the first. */
  readonly attempt: number;
  /** Failed attempts since the last feedback; limited by the retry policy. */
  readonly failures: number;
  /** Starts that ended without an outcome. */
  readonly recoveries: number;
  /** How often failed checks came back as feedback. */
  readonly loops: number;
  readonly feedback: readonly Feedback[];
  /** The gate before the first attempt, once it was answered with yes. */
  readonly approval: ConsumableApproval | null;
  /** Digest of what the last attempt brought: the same report may come again. */
  readonly outcomeDigest: string | null;
  readonly lastError: StepError | null;
  /** When its status last changed. */
  readonly since: number;
}

export interface PendingStep extends StepBase {
  readonly status: "pending";
}

export interface ReadyStep extends StepBase {
  readonly status: "ready";
  /** Not before this time (a backoff, or the step's own `at`). */
  readonly notBefore: number | null;
  /** Number of the event that readied it: the order of standing in line. */
  readonly readiedSeq: number;
}

export interface RunningStep extends StepBase {
  readonly status: "running";
  readonly workerId: WorkerId;
  readonly startedAt: number;
  /** What its attempt gives back when it ends; absent where it took nothing. */
  readonly takes?: readonly LimitKey[];
}

export interface WaitingStep extends StepBase {
  readonly status: "waiting";
  readonly reason: WaitReason;
  readonly until: number | null;
  readonly signal: string | null;
  /** Its place among those who wait for the same signal. */
  readonly place: number | null;
  readonly requestId: RequestId | null;
  readonly childPlanId: PlanId | null;
  /** The resolved `with`, where what it waits for needs it. */
  readonly input: Json;
}

export interface SucceededStep extends StepBase {
  readonly status: "succeeded";
  readonly output: Json;
  readonly partial: string | null;
  readonly artifacts: readonly ArtifactRef[];
}

export interface FailedStep extends StepBase {
  readonly status: "failed";
  readonly error: StepError;
}

export interface SkippedStep extends StepBase {
  readonly status: "skipped";
  readonly reason: SkipReason;
}

export interface CancelledStep extends StepBase {
  readonly status: "cancelled";
  readonly reason: CancelReason;
}

/** A node of a plan's graph, with what its status implies and nothing else. */
export type Step =
  | PendingStep
  | ReadyStep
  | RunningStep
  | WaitingStep
  | SucceededStep
  | FailedStep
  | SkippedStep
  | CancelledStep;

export type EndedStep = SucceededStep | FailedStep | SkippedStep | CancelledStep;

const ENDED: Readonly<Record<StepStatus, boolean>> = {
  pending: false,
  ready: false,
  running: false,
  waiting: false,
  succeeded: true,
  failed: true,
  skipped: true,
  cancelled: true,
};

/** Whether a step has its terminal record. */
export function hasEnded(step: Step): step is EndedStep {
  return ENDED[step.status];
}

/** A step that is known to wait. */
export function waitingStep(step: Step): WaitingStep {
  if (step.status === "waiting") return step;
  throw new Error(`${step.key} is ${step.status}, not waiting`);
}

/** A step that nothing has happened to yet. */
export function pendingStep(
  key: string,
  since: number,
  parentKey: string | null = null,
  itemIndex: number | null = null,
): PendingStep {
  return {
    status: "pending",
    key,
    parentKey,
    itemIndex,
    attempt: 0,
    failures: 0,
    recoveries: 0,
    loops: 0,
    feedback: [],
    approval: null,
    outcomeDigest: null,
    lastError: null,
    since,
  };
}

/** The part of a step that outlives its status, which changes now. */
export function baseOf(step: Step, since: number): StepBase {
  return {
    key: step.key,
    parentKey: step.parentKey,
    itemIndex: step.itemIndex,
    attempt: step.attempt,
    failures: step.failures,
    recoveries: step.recoveries,
    loops: step.loops,
    feedback: step.feedback,
    approval: step.approval,
    outcomeDigest: step.outcomeDigest,
    lastError: step.lastError,
    since,
  };
}
