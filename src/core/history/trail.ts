import type { PlanId, RequestId, TenantId, WorkerId } from "../id.ts";
import type { Effect } from "../plan/document.ts";
import type { CancelMode, EventData, PlanEventOf, Timestamp } from "../plan/event.ts";
import type { Json } from "../json.ts";
import { DEFAULT_LIMITS, type Limits } from "../limits.ts";
import type { PlanStatus, Revision } from "../plan/plan.ts";
import type { RequestStatus } from "../request/request.ts";
import type { StepStatus } from "../step/step.ts";
import { type PlanText, readPlanText, type StepText } from "./plan-text.ts";

/** A step's status; `between` is the moment after an attempt whose sequel has not been told yet. */
export type Phase = StepStatus | "between";

/** How the last attempt ended, where that did not end the step. */
export type Cause = "failed-for-now" | "failed-for-good" | "lost";

/** What limits are held against. */
export interface Counts {
  readonly failures: number;
  readonly recoveries: number;
  readonly loops: number;
}

/** What the events so far say of one step. */
export interface StepTrail {
  readonly key: string;
  readonly text: StepText;
  /** The list that it is a child of. */
  readonly parent: StepTrail | null;
  phase: Phase;
  /** What it waits for, while it waits. */
  wait: EventData["step.waiting"] | null;
  /** The highest attempt number issued; 0 before the first. */
  attempt: number;
  effect: Effect | null;
  workerId: WorkerId | null;
  cause: Cause | null;
  /** When its next attempt may start at the earliest. */
  notBefore: Timestamp | null;
  starts: number;
  /** Failures since the last feedback, deaths of a worker, and feedbacks. */
  failures: number;
  recoveries: number;
  loops: number;
  /** The counts at which a person has let it go on, whatever the limits say. */
  excused: Counts;
  /** Checks that the attempt under way has passed and failed. */
  checksPassed: number;
  checksFailed: number;
  /** Whether an effect may have happened that nobody has answered for. */
  isInDoubt: boolean;
  /** Whether its gate was answered with yes, and how many approvals were used up. */
  isGateOpen: boolean;
  /** The input that its gate showed. */
  shown: Json | undefined;
  consumed: number;
  /** How its sub-plan ended. */
  childStatus: PlanStatus | null;
  /** Whether its success lacks something. */
  isPartial: boolean;
  /** Late reports that were refused, as `attempt/worker`. */
  refused: readonly string[];
  /** Children, once its list is known. */
  children: readonly StepTrail[] | null;
  childrenMax: number | null;
  /** Children that were let go and have not ended. */
  childrenUnderWay: number;
}

/** What the events so far say of one request. */
export interface RequestTrail {
  readonly created: PlanEventOf<"request.created">;
  status: RequestStatus;
  /** Whether its answer is `{ approved: true }`. */
  isYes: boolean;
  isConsumed: boolean;
}

/**
 * What the events so far add up to: the checker's own small memory. Written by `followEvent`
 * alone; rules only read it.
 */
export interface Trail {
  readonly revision: Revision;
  readonly text: PlanText;
  seq: number;
  time: Timestamp;
  tenantId: TenantId | null;
  planId: PlanId | null;
  limits: Limits;
  /** Null before the plan is there. */
  status: PlanStatus | null;
  approvalRequest: RequestId | null;
  isPaused: boolean;
  cancelMode: CancelMode | null;
  isFailing: boolean;
  finished: "success" | "failure" | null;
  /** Every step that there is by now, children of lists included. */
  readonly steps: Map<string, StepTrail>;
  readonly requests: Map<RequestId, RequestTrail>;
  openRequests: number;
  /** Signals that came and that no step has used up, by name. */
  readonly signals: Map<string, number>;
  /** Attempts under way. */
  running: number;
  /** A required step that has failed. */
  failedStep: string | null;
  /** Steps that succeeded after at least one check passed and none failed. */
  verified: number;
}

const TERMINAL: ReadonlySet<string> = new Set(["completed", "failed", "cancelled", "rejected"]);
const ENDED: ReadonlySet<Phase> = new Set(["succeeded", "failed", "skipped", "cancelled"]);

const NONE: Counts = { failures: 0, recoveries: 0, loops: 0 };

export function createTrail(revision: Revision): Trail {
  const text = readPlanText(revision.document, revision.pins);
  const steps = new Map<string, StepTrail>();
  for (const [key, step] of text.steps) steps.set(key, stepTrail(key, step, null));
  return {
    revision,
    text,
    seq: 0,
    time: "",
    tenantId: null,
    planId: null,
    limits: DEFAULT_LIMITS,
    status: null,
    approvalRequest: null,
    isPaused: false,
    cancelMode: null,
    isFailing: false,
    finished: null,
    steps,
    requests: new Map(),
    openRequests: 0,
    signals: new Map(),
    running: 0,
    failedStep: null,
    verified: 0,
  };
}

/** A step that nothing has happened to. */
export function stepTrail(key: string, text: StepText, parent: StepTrail | null): StepTrail {
  return {
    key,
    text,
    parent,
    phase: "pending",
    wait: null,
    attempt: 0,
    effect: null,
    workerId: null,
    cause: null,
    notBefore: null,
    starts: 0,
    failures: 0,
    recoveries: 0,
    loops: 0,
    excused: NONE,
    checksPassed: 0,
    checksFailed: 0,
    isInDoubt: false,
    isGateOpen: false,
    shown: undefined,
    consumed: 0,
    childStatus: null,
    isPartial: false,
    refused: [],
    children: null,
    childrenMax: null,
    childrenUnderWay: 0,
  };
}

/** The step that an event is about; null where it names none, or none that there is. */
export function subjectOf(trail: Trail, event: { readonly stepKey?: string }): StepTrail | null {
  return event.stepKey === undefined ? null : (trail.steps.get(event.stepKey) ?? null);
}

/** Whether the plan has its terminal record. */
export function isOver(trail: Trail): boolean {
  return trail.status !== null && TERMINAL.has(trail.status);
}

/** Whether the plan is on its way to an end: nothing starts any more. */
export function isEnding(trail: Trail): boolean {
  return trail.cancelMode !== null || trail.isFailing || trail.finished !== null;
}

/** Whether a step has its terminal record. */
export function isEnded(step: Pick<StepTrail, "phase">): boolean {
  return ENDED.has(step.phase);
}
