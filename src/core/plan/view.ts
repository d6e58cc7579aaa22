import type { Actor } from "../actor.ts";
import type { Json, JsonObject } from "../json.ts";
import type { HumanRequest } from "../request/request.ts";
import { specOf, stepKeys, stepOf } from "../step/lookup.ts";
import type { ArtifactRef, StepError } from "../step/outcome.ts";
import type { Step, StepStatus } from "../step/step.ts";
import { formatTimestamp } from "../timestamp.ts";
import { planActions, stepActions, type PlanAction, type StepAction } from "./actions.ts";
import { conditionOf } from "./condition.ts";
import type { Plan, PlanCondition, PlanStatus, StepCounts } from "./plan.ts";
import type { Timestamp } from "./event.ts";

/** A plan as every face shows it. */
export interface PlanView {
  readonly plan: PlanHeadView;
  /** In the order of the text; children of `forEach` after their parent. */
  readonly steps: Readonly<Record<string, StepShown>>;
  /** Requests that are open. */
  readonly requests: readonly RequestView[];
}

export interface PlanHeadView {
  readonly id: string;
  readonly name: string;
  readonly objective: string | null;
  readonly status: PlanStatus;
  readonly condition: PlanCondition | null;
  readonly partial: boolean;
  readonly revision: number;
  readonly digest: string;
  readonly inputs: JsonObject;
  readonly answer: Json;
  readonly summary: string | null;
  readonly error: StepError | null;
  readonly parent: { readonly planId: string; readonly stepKey: string } | null;
  readonly createdBy: Actor;
  readonly createdAt: Timestamp;
  readonly startedAt: Timestamp | null;
  readonly endedAt: Timestamp | null;
  readonly progress: StepCounts;
  readonly version: number;
  readonly allowedActions: readonly PlanAction[];
}

export interface StepShown {
  readonly status: StepStatus;
  readonly do: string;
  readonly owner: string | null;
  readonly title: string | null;
  /** Attempts that were started. */
  readonly attempts: number;
  /** Why it waits or was skipped or cancelled. */
  readonly reason: string | null;
  readonly output: Json;
  readonly partial: string | null;
  readonly error: StepError | null;
  readonly artifacts: readonly ArtifactRef[];
  /** Not before, or until. */
  readonly until: Timestamp | null;
  readonly requestId: string | null;
  readonly childPlanId: string | null;
  readonly since: Timestamp;
  readonly allowedActions: readonly StepAction[];
}

export interface RequestView {
  readonly id: string;
  readonly planId: string;
  readonly stepKey: string | null;
  readonly status: HumanRequest["status"];
  readonly kind: HumanRequest["kind"];
  readonly title: string;
  readonly message: string;
  readonly reason: HumanRequest["reason"];
  readonly form: JsonObject | null;
  readonly options: HumanRequest["options"];
  readonly subjectDigest: string;
  readonly assignees: readonly string[];
  readonly createdAt: Timestamp;
  readonly dueAt: Timestamp | null;
  readonly decision: {
    readonly answer: Json;
    readonly by: string;
    readonly comment: string | null;
    readonly at: Timestamp;
  } | null;
}

/** The plan with all its steps and what is asked of people now. */
export function viewPlan(plan: Plan): PlanView {
  const steps: Record<string, StepShown> = {};
  for (const key of stepKeys(plan)) steps[key] = viewStep(plan, stepOf(plan, key));
  const open = [...plan.requests.entries()].filter(([, request]) => request.status === "open");
  return { plan: viewHead(plan), steps, requests: open.map(([, request]) => viewRequest(request)) };
}

/** The plan without its steps. */
export function viewHead(plan: Plan): PlanHeadView {
  return {
    id: plan.id,
    name: plan.name,
    objective: plan.graph.document.objective ?? null,
    status: plan.status,
    condition: conditionOf(plan),
    partial: plan.partial,
    revision: plan.revision.number,
    digest: plan.revision.digest,
    inputs: plan.revision.inputs,
    answer: plan.answer,
    summary: plan.summary,
    error: plan.error,
    parent: plan.parent && { planId: plan.parent.planId, stepKey: plan.parent.stepKey },
    createdBy: plan.createdBy,
    createdAt: formatTimestamp(plan.createdAt),
    startedAt: timeOrNull(plan.startedAt),
    endedAt: timeOrNull(plan.endedAt),
    progress: plan.counts,
    version: plan.version,
    allowedActions: planActions(plan),
  };
}

export function viewStep(plan: Plan, step: Step): StepShown {
  const { document } = specOf(plan, step.key);
  return {
    status: step.status,
    do: document.do,
    owner: document.owner ?? null,
    title: document.title ?? null,
    attempts: step.attempt,
    reason: "reason" in step ? step.reason : null,
    output: step.status === "succeeded" ? step.output : null,
    partial: step.status === "succeeded" ? step.partial : null,
    error: step.status === "succeeded" ? null : step.lastError,
    artifacts: step.status === "succeeded" ? step.artifacts : [],
    until: untilOf(step),
    requestId: step.status === "waiting" ? step.requestId : null,
    childPlanId: step.status === "waiting" ? step.childPlanId : null,
    since: formatTimestamp(step.since),
    allowedActions: stepActions(plan, step),
  };
}

function untilOf(step: Step): Timestamp | null {
  if (step.status === "ready") return timeOrNull(step.notBefore);
  return step.status === "waiting" ? timeOrNull(step.until) : null;
}

export function viewRequest(request: HumanRequest): RequestView {
  const { decision } = request;
  return {
    id: request.id,
    planId: request.planId,
    stepKey: request.stepKey,
    status: request.status,
    kind: request.kind,
    title: request.title,
    message: request.message,
    reason: request.reason,
    form: request.form,
    options: request.options,
    subjectDigest: request.subjectDigest,
    assignees: request.assignees,
    createdAt: formatTimestamp(request.createdAt),
    dueAt: timeOrNull(request.dueAt),
    decision: decision && {
      answer: decision.answer,
      by: decision.actor.id,
      comment: decision.comment,
      at: formatTimestamp(decision.at),
    },
  };
}

function timeOrNull(ms: number | null): Timestamp | null {
  return ms === null ? null : formatTimestamp(ms);
}
