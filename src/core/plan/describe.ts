import { formatDuration } from "../duration.ts";
import type { EventData, EventType, PlanEvent, PlanEventOf } from "./event.ts";

/** What an event says, in a sentence for people; one of a later release says its type. */
export function describe(event: PlanEvent): string {
  if (!Object.hasOwn(SENTENCES, event.type)) return `${event.type}, as a later release calls it`;
  const sentence = SENTENCES[event.type];
  // The table has one entry for each type; the compiler cannot tie the two together.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return (sentence as (event: PlanEvent) => string)(event);
}

/** Every type of event that the log of a plan may hold. */
export function eventTypes(): readonly EventType[] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of a record of exactly these
  return Object.keys(SENTENCES) as EventType[];
}

const SENTENCES: { readonly [T in EventType]: (event: PlanEventOf<T>) => string } = {
  "plan.created": ({ data, actor }) => `${actor.id} made the plan "${data.name}"`,
  "plan.submitted": () => "The plan asks for approval",
  "plan.approved": ({ data, actor }) => `Approved by ${approver(data, actor.id)}`,
  "plan.rejected": ({ data, actor }) => `Rejected by ${actor.id}: ${data.reason}`,
  "plan.started": () => "The plan was started",
  "plan.paused": ({ actor, data }) => `Paused by ${actor.id}${because(data.reason)}`,
  "plan.resumed": ({ actor }) => `Resumed by ${actor.id}`,
  "plan.cancel-requested": ({ actor, data }) =>
    `${actor.id} cancels the plan (${data.mode})${because(data.reason)}`,
  "plan.failing": ({ data }) => `The plan is failing: ${data.error.message}`,
  "plan.finished": ({ actor, data }) => `${actor.id} finished the plan as a ${data.result}`,
  "plan.completed": ({ data }) => (data.partial ? "Completed in part" : "Completed"),
  "plan.failed": ({ data }) => `Failed: ${data.error.message}`,
  "plan.cancelled": ({ data }) => `Cancelled${because(data.reason)}`,
  "step.readied": ({ stepKey, data }) =>
    `${stepKey} is ready${data.notBefore === undefined ? "" : `, not before ${data.notBefore}`}`,
  "step.expanded": ({ stepKey, data }) => `${stepKey} has ${data.items.length} children`,
  "step.waiting": ({ stepKey, data }) => `${stepKey} waits: ${data.reason}${until(data.until)}`,
  "step.succeeded": ({ stepKey, data }) => `${stepKey} succeeded${success(data)}`,
  "step.failed": ({ stepKey, data }) => `${stepKey} failed: ${data.error.message}`,
  "step.skipped": ({ stepKey, data }) => `${stepKey} was skipped: ${data.reason}${skip(data)}`,
  "step.cancelled": ({ stepKey, data }) => `${stepKey} was cancelled: ${data.reason}`,
  "attempt.started": ({ stepKey, attempt }) => `${stepKey} started, attempt ${attempt}`,
  "attempt.lost": ({ stepKey, attempt, data }) =>
    `Attempt ${attempt} of ${stepKey} ended without an outcome: ${data.reason}`,
  "attempt.failed": ({ stepKey, attempt, data }) =>
    `Attempt ${attempt} of ${stepKey} failed: ${data.error.message}`,
  "attempt.refused": ({ stepKey, attempt, data }) =>
    `Attempt ${attempt} of ${stepKey} reported too late (${data.current} counts); nothing was changed`,
  "request.created": ({ data }) => `Asked: ${data.title}`,
  "request.decided": ({ data, actor }) =>
    `Answered by ${data.by === "person" ? actor.id : data.by}${because(data.comment)}`,
  "request.expired": () => "Nobody answered in time",
  "request.closed": ({ data }) => `The question was taken back: ${data.reason}`,
  "approval.consumed": ({ stepKey }) => `${stepKey} used its approval`,
  "signal.received": ({ data }) => `The signal "${data.name}" came`,
  "check.passed": ({ stepKey, data }) => `${stepKey}: check "${data.check}" passed`,
  "check.failed": ({ stepKey, data }) =>
    `${stepKey}: check "${data.check}" failed: ${data.message}`,
  "child.started": ({ stepKey, data }) => `${stepKey} began the sub-plan ${data.childPlanId}`,
  "child.ended": ({ stepKey, data }) => `The sub-plan of ${stepKey} is ${data.status}`,
  "artifact.published": ({ data }) =>
    `Published ${data.artifact.name} (${data.artifact.size} bytes)`,
};

function approver({ by }: EventData["plan.approved"], actor: string): string {
  if (by === "policy") return "its policy, which asks for none";
  return by === "parent" ? "the approval of its parent" : actor;
}

function success({ manual, partial, workedMs }: EventData["step.succeeded"]): string {
  const how = manual === undefined ? "" : ` by hand: ${manual.note}`;
  const took = workedMs === undefined ? "" : ` in ${formatDuration(workedMs)}`;
  return `${how}${took}${partial === undefined ? "" : `, in part: ${partial}`}`;
}

function skip({ need, note }: EventData["step.skipped"]): string {
  if (need !== undefined) return ` (${need})`;
  return note === undefined ? "" : ` (${note})`;
}

function because(reason: string | undefined): string {
  return reason === undefined ? "" : `: ${reason}`;
}

function until(time: string | undefined): string {
  return time === undefined ? "" : ` until ${time}`;
}
