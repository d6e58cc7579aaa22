import type { EventType, SkipReason, WaitReason } from "../../src/core/plan/event.ts";
import type { PlanStatus } from "../../src/core/plan/plan.ts";
import type { StepStatus } from "../../src/core/step/step.ts";

/** Every type of event, so that a new one must be thought of here. */
export const EVENT_TYPES: Readonly<Record<EventType, true>> = {
  "plan.created": true,
  "plan.submitted": true,
  "plan.approved": true,
  "plan.rejected": true,
  "plan.started": true,
  "plan.paused": true,
  "plan.resumed": true,
  "plan.cancel-requested": true,
  "plan.failing": true,
  "plan.finished": true,
  "plan.completed": true,
  "plan.failed": true,
  "plan.cancelled": true,
  "step.readied": true,
  "step.expanded": true,
  "step.waiting": true,
  "step.succeeded": true,
  "step.failed": true,
  "step.skipped": true,
  "step.cancelled": true,
  "attempt.started": true,
  "attempt.lost": true,
  "attempt.failed": true,
  "attempt.refused": true,
  "request.created": true,
  "request.decided": true,
  "request.expired": true,
  "request.closed": true,
  "approval.consumed": true,
  "signal.received": true,
  "check.passed": true,
  "check.failed": true,
  "child.started": true,
  "child.ended": true,
  "artifact.published": true,
};

const WAITS: Readonly<Record<WaitReason, true>> = {
  request: true,
  gate: true,
  timer: true,
  signal: true,
  "sub-plan": true,
  children: true,
  fallback: true,
  "ambiguous-effect": true,
  "set-aside": true,
  failed: true,
};

const SKIPS: Readonly<Record<SkipReason, true>> = {
  condition: true,
  "need-not-met": true,
  operator: true,
  "fallback-not-needed": true,
  timeout: true,
};

const PLAN_MOVES: Readonly<Record<PlanStatus, readonly PlanStatus[]>> = {
  draft: ["pending-approval", "cancelled"],
  "pending-approval": ["approved", "rejected", "cancelled"],
  approved: ["executing", "cancelled"],
  executing: ["completed", "failed", "cancelled"],
  completed: [],
  failed: [],
  cancelled: [],
  rejected: [],
};

const STEP_MOVES: Readonly<Record<StepStatus, readonly StepStatus[]>> = {
  pending: ["ready", "waiting", "succeeded", "skipped", "cancelled", "failed"],
  ready: ["running", "ready", "succeeded", "skipped", "cancelled"],
  running: ["pending", "succeeded", "failed", "cancelled"],
  waiting: ["ready", "waiting", "succeeded", "failed", "skipped", "cancelled"],
  succeeded: [],
  failed: [],
  skipped: [],
  cancelled: [],
};

const STORE_FAULTS: Readonly<Record<string, readonly string[]>> = {
  "fail-before": ["commit", "due", "read", "beginLease", "renewLease", "abandoned"],
  "fail-after": ["commit", "due", "read", "beginLease", "renewLease", "endExpiredLeases"],
  busy: ["commit", "due", "renewLease"],
  full: ["commit", "due"],
  delay: ["commit", "due", "read", "renewLease", "recordProcess"],
  duplicate: ["commit", "renewLease", "endExpiredLeases", "beginLease"],
};

const HAPPENINGS = [
  "process crash",
  "process stop",
  "process drain",
  "process partition",
  "process clock jump",
  "process cannot begin",
  "process dies of its work",
  "program ended by who took over",
  "fault lived through",
  "loss worker-gone",
  "loss drained",
  "wave answer lost",
  "wave not begun",
  "wave rolled back",
] as const;

/** What must have been seen in a batch of a few hundred seeds; else the generator is too weak. */
export const REQUIRED: readonly string[] = [
  ...Object.keys(EVENT_TYPES).map((type) => `event ${type}`),
  ...Object.keys(WAITS).map((reason) => `wait ${reason}`),
  ...Object.keys(SKIPS).map((reason) => `skip ${reason}`),
  ...moves("plan", PLAN_MOVES),
  ...moves("step", STEP_MOVES),
  ...Object.entries(STORE_FAULTS).flatMap(([kind, operations]) =>
    operations.map((operation) => `fault ${kind} ${operation}`),
  ),
  ...HAPPENINGS,
];

function moves<S extends string>(what: string, table: Readonly<Record<S, readonly S[]>>): string[] {
  return Object.entries<readonly S[]>(table).flatMap(([from, to]) =>
    to.map((status) => `${what} ${from} → ${status}`),
  );
}
