import { durationMs } from "../duration.ts";
import type { Deciding } from "../plan/deciding.ts";
import type { Plan } from "../plan/plan.ts";
import type { StepSpec } from "../graph/graph.ts";
import { isSameJson } from "../history/is-same-json.ts";
import { known } from "../known.ts";
import { endInFailure } from "./fail-step.ts";
import { inputOf, writtenInput } from "./fill-in.ts";
import type { Json } from "../json.ts";
import type { Lane, Lease, Offer } from "./lease.ts";
import type { Step } from "./step.ts";
import { laneOf } from "./lane-of.ts";
import { specOf, stepOf } from "./lookup.ts";
import { scopeOf } from "./scope.ts";
import { settle } from "./settle.ts";
import { comesBefore, type Ticket } from "./ticket.ts";

/** Whether attempts may start in a plan now. */
export function mayStart(plan: Plan): boolean {
  return (
    plan.status === "executing" &&
    !plan.paused &&
    plan.ending === null &&
    plan.running.size < plan.graph.policy.concurrency &&
    !(plan.graph.policy.onRequest === "pause" && plan.openRequests > 0)
  );
}

/** Leases ready steps to a worker, as many as it has slots for: highest priority first, then the longest in line. */
export function leaseNext(deciding: Deciding, offer: Offer): void {
  while (deciding.leases.length < offer.slots && mayStart(deciding.plan)) {
    const ticket = deciding.plan.counts.ready === 0 ? null : firstFor(deciding, offer);
    if (ticket === null) return;
    lease(deciding, offer, ticket.stepKey);
    settle(deciding);
  }
}

function firstFor(deciding: Deciding, offer: Offer): Ticket | null {
  const { plan, time } = deciding;
  let best: Ticket | null = null;
  for (const lane of plan.lanes.lanes()) {
    if (!serves(deciding, offer, lane)) continue;
    const ticket = plan.lanes.first(lane, time);
    if (ticket === null || (best !== null && !comesBefore(ticket, best))) continue;
    if (deciding.sharing.hasRoom(lane)) best = ticket;
  }
  return best;
}

function serves(deciding: Deciding, offer: Offer, lane: Lane): boolean {
  if (lane.alone && !(offer.idle && deciding.leases.length === 0)) return false;
  if (deciding.leases.some((lease) => lease.alone)) return false;
  return offer.pools.includes(lane.pool) && offer.capabilities.has(lane.capability);
}

/** Starts one attempt. An input that cannot be made fails the step before it starts. */
function lease(deciding: Deciding, offer: Offer, key: string): void {
  const { plan } = deciding;
  const spec = specOf(plan, key);
  const step = stepOf(plan, key);
  const takes = deciding.sharing.takesOf(laneOf(plan, step));
  const input = inputOf(plan, deciding.pure, key);
  if (!input.ok) {
    endInFailure(deciding, key, { code: "expression", message: input.message, retryable: false });
    return;
  }
  const attempt = step.attempt + 1;
  const subject = { stepKey: key, attempt };
  if (step.approval?.consumed === false) {
    const { requestId, digest } = step.approval;
    deciding.emit("approval.consumed", { requestId, digest }, subject);
  }
  deciding.emit(
    "attempt.started",
    {
      effect: spec.effect,
      failures: step.failures,
      ...(isWritten(input.value, step, spec) ? {} : { input: input.value }),
      recoveries: step.recoveries,
      ...(takes.length === 0 ? {} : { takes }),
      workerId: offer.workerId,
    },
    subject,
  );
  const base = known(deciding.base, "plan");
  deciding.leases.push(leaseOf(plan, base, { stepKey: key, attempt, input: input.value }));
}

/**
 * Whether the input is what the text says. What was approved comes from an event, which may have been
 * read from the log: it is compared by value, so that every process decides the same.
 */
function isWritten(input: Json, { approval }: Step, spec: StepSpec): boolean {
  const written = writtenInput(spec);
  return input === written || (approval !== null && isSameJson(input, written));
}

/**
 * What a worker needs to carry out an attempt that has been started in its name.
 *
 * @param lasting where its expressions will look when they are evaluated: the plan with its one holder
 */
export function leaseOf(
  plan: Plan,
  lasting: Plan,
  started: { readonly stepKey: string; readonly attempt: number; readonly input?: Json },
): Lease {
  const { stepKey, attempt } = started;
  const spec = specOf(plan, stepKey);
  const { document, effect } = spec;
  const step = stepOf(plan, stepKey);
  return {
    tenantId: plan.tenantId,
    planId: plan.id,
    stepKey,
    attempt,
    document,
    effect,
    input: started.input ?? writtenInput(spec),
    timeoutMs: timeoutOf(plan, document.timeout),
    idleMs: document.idle === undefined ? null : durationMs(document.idle),
    feedback: step.feedback,
    loop: step.loops,
    origin: plan.origin,
    alone: laneOf(plan, step).alone,
    scope: scopeOf(lasting, stepKey),
  };
}

function timeoutOf(plan: Plan, text: string | undefined): number {
  return text === undefined ? plan.limits.timeoutMs : durationMs(text);
}
