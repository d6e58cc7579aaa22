import { compileGraph } from "../graph/compile-graph.ts";
import { known } from "../known.ts";
import { evolveExpansion, evolveRefused, evolveRequest, evolveSignal } from "./evolve-parts.ts";
import { createReadyLanes } from "../step/ready-lanes.ts";
import { completeLimits } from "../limits.ts";
import { evolveLifecycle } from "./evolve-lifecycle.ts";
import { NO_STEPS } from "./counts.ts";
import { evolveStep } from "../step/evolve-step.ts";
import { createTable } from "../table.ts";
import { timeOf } from "../timestamp.ts";
import type { PlanEvent, PlanEventOf } from "./event.ts";
import { isKnownEvent, UnknownEvent } from "./event-versions.ts";
import type { Plan, Revision } from "./plan.ts";

/** Finds the text that an event names. */
export type RevisionLookup = (number: number) => Revision;

/**
 * Remembers one event. Total: it never decides and never refuses. The head it gives back is new;
 * the tables it shares with the plan before are written in place. What only a later release knows
 * is an `UnknownEvent`, thrown before anything is written: who goes on without it goes wrong.
 */
export function evolve(plan: Plan | null, event: PlanEvent, revisions: RevisionLookup): Plan {
  if (!isKnownEvent(event)) throw new UnknownEvent(event);
  if (event.type === "plan.created") return created(event, revisions(event.data.revision));
  const next = applied(known(plan, `${event.id} comes before plan.created: the plan`), event);
  // Steps put their event's number into the copy that they make: one copy of the head is enough.
  if (next.version === event.seq) return next;
  return { ...next, version: event.seq, time: timeOf(event.time) };
}

/** The plan that some events add up to; null for none. */
export function fold(events: Iterable<PlanEvent>, revisions: RevisionLookup): Plan | null {
  let plan: Plan | null = null;
  for (const event of events) plan = evolve(plan, event, revisions);
  return plan;
}

function created(event: PlanEventOf<"plan.created">, revision: Revision): Plan {
  const { data } = event;
  const limits = completeLimits(data.limits);
  const graph = compileGraph(revision.document, revision.pins, limits);
  const time = timeOf(event.time);
  return {
    id: event.planId,
    tenantId: event.tenantId,
    version: event.seq,
    time,
    status: "draft",
    name: data.name,
    origin: data.origin,
    parent: data.parent ?? null,
    revision,
    graph,
    limits,
    createdBy: event.actor,
    createdAt: time,
    startedAt: null,
    endedAt: null,
    paused: false,
    ending: null,
    approvalRequest: null,
    answer: null,
    partial: false,
    error: null,
    summary: null,
    steps: createTable(),
    unsettledNeeds: createTable(),
    metNeeds: createTable(),
    expansions: createTable(),
    requests: createTable(),
    refused: createTable(),
    signals: createTable(),
    signalKeys: createTable(),
    signalWaiters: createTable(),
    signalQueues: createTable(),
    children: createTable(),
    running: createTable(),
    lanes: createReadyLanes(),
    counts: { ...NO_STEPS, pending: graph.specs.size },
    openRequests: 0,
    verified: 0,
    partials: 0,
    workedMs: 0,
    workingSince: null,
  };
}

function applied(plan: Plan, event: Exclude<PlanEvent, PlanEventOf<"plan.created">>): Plan {
  switch (event.type) {
    case "plan.submitted":
    case "plan.approved":
    case "plan.rejected":
    case "plan.started":
    case "plan.paused":
    case "plan.resumed":
    case "plan.cancel-requested":
    case "plan.failing":
    case "plan.finished":
    case "plan.completed":
    case "plan.failed":
    case "plan.cancelled":
      return evolveLifecycle(plan, event);
    case "step.expanded":
      return evolveExpansion(plan, event);
    case "step.readied":
    case "step.waiting":
    case "step.succeeded":
    case "step.failed":
    case "step.skipped":
    case "step.cancelled":
    case "attempt.started":
    case "attempt.lost":
    case "attempt.failed":
      return evolveStep(plan, event);
    case "request.created":
    case "request.decided":
    case "request.expired":
    case "request.closed":
    case "approval.consumed":
      return evolveRequest(plan, event);
    case "signal.received":
      return evolveSignal(plan, event);
    case "attempt.refused":
      return evolveRefused(plan, event);
    case "check.passed":
    case "check.failed":
    case "child.started":
    case "child.ended":
    case "artifact.published":
      return plan;
  }
}
