import type { EventType, PlanEvent } from "./event.ts";

/**
 * The newest shape of every type of event that this release writes and remembers. Fields may come
 * under the same number, as long as who passes them over goes on rightly; where it would not, the
 * number grows.
 */
export const EVENT_VERSIONS: Readonly<Record<EventType, number>> = {
  "plan.created": 1,
  "plan.submitted": 1,
  "plan.approved": 1,
  "plan.rejected": 1,
  "plan.started": 1,
  "plan.paused": 1,
  "plan.resumed": 1,
  "plan.cancel-requested": 1,
  "plan.failing": 1,
  "plan.finished": 1,
  "plan.completed": 1,
  "plan.failed": 1,
  "plan.cancelled": 1,
  "step.readied": 1,
  "step.expanded": 1,
  "step.waiting": 1,
  "step.succeeded": 1,
  "step.failed": 1,
  "step.skipped": 1,
  "step.cancelled": 1,
  "attempt.started": 1,
  "attempt.lost": 1,
  "attempt.failed": 1,
  "attempt.refused": 1,
  "request.created": 1,
  "request.decided": 1,
  "request.expired": 1,
  "request.closed": 1,
  "approval.consumed": 1,
  "signal.received": 1,
  "check.passed": 1,
  "check.failed": 1,
  "child.started": 1,
  "child.ended": 1,
  "artifact.published": 1,
};

const VERSIONS: ReadonlyMap<string, number> = new Map(Object.entries(EVENT_VERSIONS));

/** What a later release has written into a log: this one cannot know what it means for the plan. */
export class UnknownEvent extends Error {
  constructor({ id, type, v }: Pick<PlanEvent, "id" | "type" | "v">) {
    const newest = VERSIONS.get(type);
    const known = newest === undefined ? "no event of that type" : `shapes up to ${newest}`;
    super(`${id} is ${type} in shape ${v}, and this release knows ${known}`);
    this.name = "UnknownEvent";
  }
}

/** Whether this release can remember an event as the one that wrote it meant it (P22). */
export function isKnownEvent({ type, v }: Pick<PlanEvent, "type" | "v">): boolean {
  const newest = VERSIONS.get(type);
  return newest !== undefined && v <= newest;
}
