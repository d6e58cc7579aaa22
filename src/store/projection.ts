import type { ArtifactId, PlanId, RequestId, TenantId, WorkerId } from "../core/id.ts";
import { conditionOf } from "../core/plan/condition.ts";
import { allSteps } from "../core/plan/counts.ts";
import type { PlanEvent, PlanEventOf } from "../core/plan/event.ts";
import type { Plan, PlanCondition, PlanStatus, StepCounts } from "../core/plan/plan.ts";
import type {
  HumanRequest,
  RequestKind,
  RequestReason,
  RequestStatus,
} from "../core/request/request.ts";
import type { Step, StepStatus } from "../core/step/step.ts";
import { timeOf } from "../core/timestamp.ts";
import type { ArtifactRow } from "./store.ts";

/** One plan, as lists show it. Times are milliseconds since 1970. */
export interface PlanRow {
  readonly id: PlanId;
  readonly tenantId: TenantId;
  readonly status: PlanStatus;
  readonly condition: PlanCondition | null;
  readonly name: string;
  readonly revision: number;
  readonly digest: string;
  readonly version: number;
  readonly parentPlanId: PlanId | null;
  readonly partial: boolean;
  readonly stepCount: number;
  readonly counts: StepCounts;
  readonly openRequests: number;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly updatedAt: number;
}

/** One step that something has happened to. */
export interface StepRow {
  readonly planId: PlanId;
  readonly stepKey: string;
  readonly status: StepStatus;
  readonly attempt: number;
  /** While running. */
  readonly workerId: WorkerId | null;
  readonly since: number;
}

export interface RequestRow {
  readonly id: RequestId;
  readonly planId: PlanId;
  readonly stepKey: string | null;
  readonly status: RequestStatus;
  readonly kind: RequestKind;
  readonly title: string;
  readonly reason: RequestReason | null;
  readonly assignees: readonly string[];
  readonly createdAt: number;
  readonly dueAt: number | null;
}

/** The rows that some events of a plan changed; besides them the `due` rows, by `wakeups`. */
export interface Projection {
  readonly plan: PlanRow;
  /** In the order in which the events first touched them. */
  readonly steps: readonly TouchedStep[];
  readonly requests: readonly RequestRow[];
  readonly artifacts: readonly ArtifactRow[];
}

/** A step with the number of the first of those events that was about it. */
export interface TouchedStep {
  readonly row: StepRow;
  readonly seq: number;
}

/** The rows that some events of a plan changed, from the plan after them. */
export function project(plan: Plan, events: readonly PlanEvent[]): Projection {
  const steps = new Map<string, TouchedStep>();
  const requests = new Map<RequestId, RequestRow>();
  const artifacts = new Map<ArtifactId, ArtifactRow>();
  for (const event of events) {
    const key = event.stepKey;
    if (key !== undefined && !steps.has(key)) touchStep(steps, plan, key, event.seq);
    const requestId = requestIdOf(event);
    if (requestId !== null && !requests.has(requestId)) touchRequest(requests, plan, requestId);
    if (event.type === "artifact.published") {
      const row = artifactRow(event);
      artifacts.set(row.id, row);
    }
  }
  return {
    plan: planRow(plan),
    steps: [...steps.values()],
    requests: [...requests.values()],
    artifacts: [...artifacts.values()],
  };
}

/** Every row that a folded plan stands for, by itself: what all its deltas add up to (I20). */
export function projectAll(plan: Plan): Omit<Projection, "artifacts" | "steps"> & {
  readonly steps: readonly StepRow[];
} {
  const steps = [...plan.steps.entries()].map(([, step]) => stepRow(plan.id, step));
  const requests = [...plan.requests.entries()].map(([, request]) => requestRow(request));
  return { plan: planRow(plan), steps, requests };
}

function touchStep(steps: Map<string, TouchedStep>, plan: Plan, key: string, seq: number): void {
  const step = plan.steps.get(key);
  if (step !== undefined) steps.set(key, { row: stepRow(plan.id, step), seq });
}

function touchRequest(rows: Map<RequestId, RequestRow>, plan: Plan, id: RequestId): void {
  const request = plan.requests.get(id);
  if (request !== undefined) rows.set(id, requestRow(request));
}

function requestIdOf(event: PlanEvent): RequestId | null {
  switch (event.type) {
    case "request.created":
    case "request.decided":
    case "request.expired":
    case "request.closed":
      return event.data.requestId;
    default:
      return null;
  }
}

function planRow(plan: Plan): PlanRow {
  return {
    id: plan.id,
    tenantId: plan.tenantId,
    status: plan.status,
    condition: conditionOf(plan),
    // As a database can keep it (S15): a lone surrogate would come back as another character.
    name: plan.name.toWellFormed(),
    revision: plan.revision.number,
    digest: plan.revision.digest,
    version: plan.version,
    parentPlanId: plan.parent?.planId ?? null,
    partial: plan.partial,
    stepCount: allSteps(plan.counts),
    counts: plan.counts,
    openRequests: plan.openRequests,
    createdAt: plan.createdAt,
    startedAt: plan.startedAt,
    endedAt: plan.endedAt,
    updatedAt: plan.time,
  };
}

function stepRow(planId: PlanId, step: Step): StepRow {
  return {
    planId,
    stepKey: step.key,
    status: step.status,
    attempt: step.attempt,
    workerId: step.status === "running" ? step.workerId : null,
    since: step.since,
  };
}

function requestRow(request: HumanRequest): RequestRow {
  return {
    id: request.id,
    planId: request.planId,
    stepKey: request.stepKey,
    status: request.status,
    kind: request.kind,
    title: request.title.toWellFormed(),
    reason: request.reason,
    assignees: request.assignees,
    createdAt: request.createdAt,
    dueAt: request.dueAt,
  };
}

function artifactRow(event: PlanEventOf<"artifact.published">): ArtifactRow {
  const { artifact } = event.data;
  return {
    ...artifact,
    name: artifact.name.toWellFormed(),
    mediaType: artifact.mediaType.toWellFormed(),
    planId: event.planId,
    stepKey: event.stepKey ?? null,
    attempt: event.attempt ?? null,
    publishedAt: timeOf(event.time),
  };
}
