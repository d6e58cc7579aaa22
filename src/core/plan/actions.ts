import type { Plan, PlanStatus } from "./plan.ts";
import type { Step, StepStatus } from "../step/step.ts";

/** What can be done with a plan by those who may. */
export const PLAN_ACTION_NAMES = [
  "submit",
  "approve",
  "reject",
  "start",
  "pause",
  "resume",
  "cancel",
  "finish",
  "signal",
] as const;
export type PlanAction = (typeof PLAN_ACTION_NAMES)[number];

/**
 * The state table: which act is allowed in which status. It feeds `decide`, `allowedActions` in
 * every answer, and the drawn diagram. Pausing and resuming also hang on the condition.
 */
export const PLAN_ACTIONS: Readonly<Record<PlanStatus, readonly PlanAction[]>> = {
  draft: ["submit", "cancel"],
  "pending-approval": ["approve", "reject", "cancel"],
  approved: ["start", "cancel"],
  executing: ["pause", "resume", "cancel", "finish", "signal"],
  completed: [],
  failed: [],
  cancelled: [],
  rejected: [],
};

/** What is allowed with this plan now. */
export function planActions(plan: Plan): readonly PlanAction[] {
  return PLAN_ACTIONS[plan.status].filter((action) => {
    if (action === "pause") return !plan.paused && plan.ending === null;
    if (action === "resume") return plan.paused && plan.ending === null;
    if (action === "cancel") return mayCancel(plan);
    return plan.ending === null;
  });
}

/** A drain may still be turned into a stop. */
function mayCancel(plan: Plan): boolean {
  const { ending } = plan;
  return (
    ending === null ||
    ending.kind === "fail" ||
    (ending.kind === "cancel" && ending.mode === "drain")
  );
}

export type StepAction = "retry" | "skip" | "complete";

/** The same for steps; which retries are allowed also hangs on the reason of waiting. */
export const STEP_ACTIONS: Readonly<Record<StepStatus, readonly StepAction[]>> = {
  pending: ["skip", "complete"],
  ready: ["retry", "skip", "complete"],
  running: ["complete"],
  waiting: ["retry", "skip", "complete"],
  succeeded: [],
  failed: [],
  skipped: [],
  cancelled: [],
};

/** What is allowed with this step now. */
export function stepActions(plan: Plan, step: Step): readonly StepAction[] {
  if (plan.status !== "executing" || plan.ending !== null) return [];
  return STEP_ACTIONS[step.status].filter((action) => {
    if (step.status === "ready" && action === "retry")
      return step.attempt > 0 && step.notBefore !== null;
    // A child of a list that has not been let go has no place yet.
    if (step.status === "pending") return step.parentKey === null;
    if (step.status !== "waiting") return true;
    if (action === "retry") return RETRYABLE_WAITS.has(step.reason);
    return step.reason !== "sub-plan" && step.reason !== "children";
  });
}

const RETRYABLE_WAITS: ReadonlySet<string> = new Set(["ambiguous-effect", "set-aside", "failed"]);
