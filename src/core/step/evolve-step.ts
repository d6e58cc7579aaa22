import { recount } from "../plan/counts.ts";
import type { PlanEventOf } from "../plan/event.ts";
import type { Plan } from "../plan/plan.ts";
import { timeOf } from "../timestamp.ts";
import { known } from "../known.ts";
import { laneOf } from "./lane-of.ts";
import { specOf, stepOf } from "./lookup.ts";
import { meetsNeed } from "./join.ts";
import { joinQueue, leaveQueue, nextPlace } from "./signal-queue.ts";
import { standInLine } from "./stand-in-line.ts";
import {
  baseOf,
  hasEnded,
  type EndedStep,
  type Step,
  type StepBase,
  type WaitingStep,
} from "./step.ts";

type StepEvent = PlanEventOf<
  | "step.readied"
  | "step.waiting"
  | "step.succeeded"
  | "step.failed"
  | "step.skipped"
  | "step.cancelled"
  | "attempt.started"
  | "attempt.lost"
  | "attempt.failed"
>;

/** Remembers what happened to one step, and what of the plan's bookkeeping hangs on it. */
export function evolveStep(plan: Plan, event: StepEvent): Plan {
  const before = stepOf(plan, known(event.stepKey, event.id));
  return move(plan, before, next(plan, before, event), event);
}

function next(plan: Plan, before: Step, event: StepEvent): Step {
  const base = baseOf(before, timeOf(event.time));
  switch (event.type) {
    case "step.readied":
      return {
        ...base,
        status: "ready",
        notBefore: timeOrNull(event.data.notBefore),
        readiedSeq: event.seq,
      };
    case "step.waiting":
      return waiting(plan, base, event);
    case "step.succeeded":
      return {
        ...base,
        status: "succeeded",
        output: event.data.output,
        partial: event.data.partial ?? null,
        artifacts: event.data.artifacts ?? [],
        outcomeDigest: event.data.outcomeDigest ?? base.outcomeDigest,
      };
    case "step.failed":
      return {
        ...base,
        status: "failed",
        error: event.data.error,
        outcomeDigest: event.data.outcomeDigest ?? base.outcomeDigest,
        lastError: event.data.error,
      };
    case "step.skipped":
      return { ...base, status: "skipped", reason: event.data.reason };
    case "step.cancelled":
      return { ...base, status: "cancelled", reason: event.data.reason };
    case "attempt.started":
    case "attempt.lost":
    case "attempt.failed":
      return afterAttempt(base, event);
  }
}

function waiting(plan: Plan, base: StepBase, event: PlanEventOf<"step.waiting">): WaitingStep {
  const { reason, until, signal, requestId, childPlanId, input, error } = event.data;
  return {
    ...base,
    status: "waiting",
    reason,
    until: timeOrNull(until),
    signal: signal ?? null,
    place: signal === undefined ? null : nextPlace(plan, signal),
    requestId: requestId ?? null,
    childPlanId: childPlanId ?? null,
    input: input ?? null,
    lastError: error ?? base.lastError,
  };
}

function afterAttempt(
  base: StepBase,
  event: PlanEventOf<"attempt.started" | "attempt.lost" | "attempt.failed">,
): Step {
  switch (event.type) {
    case "attempt.started":
      return {
        ...base,
        status: "running",
        attempt: known(event.attempt, event.id),
        outcomeDigest: null,
        workerId: event.data.workerId,
        startedAt: timeOf(event.time),
        ...(event.data.takes === undefined ? {} : { takes: event.data.takes }),
      };
    case "attempt.lost":
      return {
        ...base,
        status: "pending",
        recoveries: base.recoveries + (event.data.reason === "drained" ? 0 : 1),
      };
    case "attempt.failed":
      return {
        ...base,
        ...afterFailure(base, event),
        status: "pending",
        outcomeDigest: event.data.outcomeDigest ?? null,
        lastError: event.data.error,
      };
  }
}

/** Failed checks begin a new loop; what failed before them does not count against it. */
function afterFailure(
  base: StepBase,
  event: PlanEventOf<"attempt.failed">,
): Pick<StepBase, "failures" | "loops" | "feedback"> {
  const { feedback } = event.data;
  if (feedback === undefined) {
    return { failures: base.failures + 1, loops: base.loops, feedback: base.feedback };
  }
  return { failures: 0, loops: base.loops + 1, feedback };
}

function move(plan: Plan, before: Step, after: Step, event: StepEvent): Plan {
  const time = timeOf(event.time);
  const wasRunning = plan.running.size;
  leave(plan, before);
  plan.steps.set(after.key, after);
  enter(plan, after, time);
  if (before.status === "pending") letGo(plan, before);
  if (before.status === "waiting" && after.status === "succeeded") takeSignal(plan, before);
  const counts = recount(plan.counts, before.status, after.status);
  const { workedMs, workingSince } = workingTime(plan, wasRunning, time);
  const { verified, partials } = hasEnded(after) ? ended(plan, after, event) : plan;
  const version = event.seq;
  return { ...plan, version, time, counts, workedMs, workingSince, verified, partials };
}

function leave(plan: Plan, step: Step): void {
  if (step.status === "ready") plan.lanes.leave(laneOf(plan, step), step.key);
  else if (step.status === "running") plan.running.delete(step.key);
  else if (step.status === "waiting") stopWaiting(plan, step);
}

function stopWaiting(plan: Plan, step: WaitingStep): void {
  if (step.childPlanId !== null) plan.children.delete(step.childPlanId);
  if (step.signal !== null) leaveQueue(plan, step.signal, known(step.place, step.key));
}

/** A signal is used up by the step that it let go on. */
function takeSignal(plan: Plan, step: WaitingStep): void {
  if (step.signal === null) return;
  const kept = plan.signals.get(step.signal);
  if (kept !== undefined) plan.signals.set(step.signal, kept.slice(1));
}

function enter(plan: Plan, step: Step, time: number): void {
  if (step.status === "ready") {
    standInLine(plan, step, time);
  } else if (step.status === "running") {
    plan.running.set(step.key, true);
  } else if (step.status === "waiting") {
    if (step.childPlanId !== null) plan.children.set(step.childPlanId, step.key);
    if (step.signal !== null) joinQueue(plan, step.signal, step.key);
  }
}

/** A child of `forEach` that leaves `pending` for the first time takes up one of its parent's places. */
function letGo(plan: Plan, before: Step): void {
  if (before.parentKey === null || before.attempt > 0) return;
  const expansion = known(plan.expansions.get(before.parentKey), before.parentKey);
  plan.expansions.set(before.parentKey, { ...expansion, released: expansion.released + 1 });
}

function workingTime(
  plan: Plan,
  wasRunning: number,
  time: number,
): Pick<Plan, "workedMs" | "workingSince"> {
  const { workedMs, workingSince } = plan;
  if (wasRunning === 0 && plan.running.size > 0) return { workedMs, workingSince: time };
  if (wasRunning > 0 && plan.running.size === 0) {
    const since = known(workingSince, "the time when work began");
    return { workedMs: workedMs + time - since, workingSince: null };
  }
  return { workedMs, workingSince };
}

function ended(plan: Plan, step: EndedStep, event: StepEvent): Pick<Plan, "verified" | "partials"> {
  const spec = specOf(plan, step.key);
  for (const dependent of spec.dependents) {
    const { join } = specOf(plan, dependent);
    const left = plan.unsettledNeeds.get(dependent) ?? join.needs.length;
    plan.unsettledNeeds.set(dependent, left - 1);
    if (!meetsNeed(join, step.status)) continue;
    plan.metNeeds.set(dependent, (plan.metNeeds.get(dependent) ?? 0) + 1);
  }
  const judged = spec.document.verify !== undefined && isBrought(event);
  const verified = plan.verified + (judged ? 1 : 0);
  const succeeded = step.status === "succeeded";
  if (step.parentKey !== null) {
    childEnded(plan, step.parentKey, succeeded);
    return { verified, partials: plan.partials };
  }
  const inPart = succeeded ? step.partial !== null : step.status === "failed";
  return { verified, partials: plan.partials + (inPart ? 1 : 0) };
}

/** Only what an attempt brought was checked; a step completed by hand, or by its stand-in, was not. */
function isBrought(event: StepEvent): boolean {
  return event.type === "step.succeeded" && event.data.outcomeDigest !== undefined;
}

function childEnded(plan: Plan, parentKey: string, succeeded: boolean): void {
  const expansion = known(plan.expansions.get(parentKey), parentKey);
  plan.expansions.set(parentKey, {
    ...expansion,
    ended: expansion.ended + 1,
    failed: expansion.failed + (succeeded ? 0 : 1),
  });
}

function timeOrNull(text: string | undefined): number | null {
  return text === undefined ? null : timeOf(text);
}
