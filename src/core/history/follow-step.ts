import type { EventType, PlanEvent, PlanEventOf } from "../plan/event.ts";
import { isEnded, type Phase, stepTrail, type StepTrail, type Trail } from "./trail.ts";

const PHASE_AFTER: ReadonlyMap<EventType, Phase> = new Map<EventType, Phase>([
  ["step.readied", "ready"],
  ["step.waiting", "waiting"],
  ["attempt.started", "running"],
  ["attempt.failed", "between"],
  ["attempt.lost", "between"],
  ["step.succeeded", "succeeded"],
  ["step.failed", "failed"],
  ["step.skipped", "skipped"],
  ["step.cancelled", "cancelled"],
]);

/** Waits that a person's word ends: at these counts it may start again. */
const ASKED: ReadonlySet<string> = new Set(["failed", "set-aside", "ambiguous-effect"]);

/** Whether an attempt under way is over with such an event of its step. */
export function endsAttempt(type: EventType): boolean {
  return PHASE_AFTER.has(type) && type !== "attempt.started";
}

/** Remembers what one event says of its step. */
export function followStep(trail: Trail, step: StepTrail, event: PlanEvent): void {
  followWork(trail, step, event);
  const phase = PHASE_AFTER.get(event.type);
  if (phase === undefined) return;
  const before = step.phase;
  step.phase = phase;
  trail.running += Number(phase === "running") - Number(before === "running");
  if (step.parent !== null) step.parent.childrenUnderWay += weightOf(phase) - weightOf(before);
  step.wait = event.type === "step.waiting" ? event.data : null;
}

/** Whether a child of a list takes up one of its places. */
function weightOf(phase: Phase): 0 | 1 {
  return phase === "pending" || isEnded({ phase }) ? 0 : 1;
}

function followWork(trail: Trail, step: StepTrail, event: PlanEvent): void {
  switch (event.type) {
    case "step.expanded":
      return expand(trail, step, event);
    case "step.readied":
      return readied(step, event);
    case "step.waiting":
      if (event.data.reason === "gate") step.shown = event.data.input;
      return;
    case "attempt.started":
      return started(step, event);
    case "attempt.failed":
      return failed(step, event);
    case "attempt.lost":
      return lost(step, event);
    case "attempt.refused":
      step.refused = [...step.refused, refusalKey(event)];
      return;
    case "child.ended":
      step.childStatus = event.data.status;
      return;
    case "check.passed":
      step.checksPassed += 1;
      return;
    case "check.failed":
      step.checksFailed += 1;
      return;
    case "step.succeeded":
      step.isPartial = event.data.partial !== undefined;
      if (step.checksPassed > 0 && step.checksFailed === 0) trail.verified += 1;
      if (event.data.manual === undefined) takeSignal(trail, step);
      return;
    case "step.failed":
      if (step.text.isRequired) trail.failedStep ??= step.key;
      return;
    default:
  }
}

function expand(trail: Trail, step: StepTrail, event: PlanEventOf<"step.expanded">): void {
  const text = step.text.child;
  if (text === null) return;
  step.childrenMax = event.data.concurrency ?? null;
  step.children = event.data.items.map((_, index) => stepTrail(`${step.key}.${index}`, text, step));
  for (const child of step.children) trail.steps.set(child.key, child);
}

function readied(step: StepTrail, event: PlanEventOf<"step.readied">): void {
  step.notBefore = event.data.notBefore ?? null;
  if (step.wait === null || !ASKED.has(step.wait.reason)) return;
  const { failures, recoveries, loops } = step;
  step.excused = { failures, recoveries, loops };
}

function started(step: StepTrail, event: PlanEventOf<"attempt.started">): void {
  step.attempt = Math.max(step.attempt, event.attempt ?? 0);
  step.effect = event.data.effect;
  step.workerId = event.data.workerId;
  step.cause = null;
  step.starts += 1;
  step.checksPassed = 0;
  step.checksFailed = 0;
}

function failed(step: StepTrail, event: PlanEventOf<"attempt.failed">): void {
  const { error, feedback, retryAt } = event.data;
  step.cause = retryAt === undefined ? "failed-for-good" : "failed-for-now";
  step.notBefore = retryAt ?? null;
  step.isInDoubt ||= step.effect === "once" && error.ambiguous === true;
  if (feedback === undefined) {
    step.failures += 1;
    return;
  }
  step.failures = 0;
  step.loops += 1;
}

/** A worker that puts its work down in good order has not died of it. */
function lost(step: StepTrail, event: PlanEventOf<"attempt.lost">): void {
  step.cause = "lost";
  step.notBefore = null;
  step.isInDoubt ||= step.effect === "once";
  if (event.data.reason !== "drained") step.recoveries += 1;
}

/** A signal is used up by the step that it lets go on. */
function takeSignal(trail: Trail, step: StepTrail): void {
  const name = step.wait?.signal;
  if (name !== undefined) trail.signals.set(name, (trail.signals.get(name) ?? 0) - 1);
}

/** Which report was refused: of which attempt, brought by which worker. */
export function refusalKey(event: PlanEventOf<"attempt.refused">): string {
  return `${event.attempt}/${event.data.workerId}`;
}
