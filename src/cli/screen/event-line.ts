import { describe } from "../../core/plan/describe.ts";
import type { EventType, PlanEvent } from "../../core/plan/event.ts";
import { timeOfDay } from "./time.ts";
import { visible } from "./visible.ts";

/** One event as one plain line. */
export function eventLine(event: PlanEvent): string {
  return `${timeOfDay(event.time)}  ${visible(describe(event))}`;
}

/** Told in the log, but no progress that anybody waits for. */
const QUIET: ReadonlySet<EventType> = new Set<EventType>([
  "plan.created",
  "step.readied",
  "check.passed",
  "approval.consumed",
]);

/** Whether an event is worth a line to somebody who follows a plan. */
export function isProgress(event: PlanEvent): boolean {
  if (event.type === "step.readied") return event.data.notBefore !== undefined;
  return !QUIET.has(event.type);
}
