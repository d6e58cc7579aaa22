import { known } from "./known.ts";
import type { PlanEvent } from "./plan/event.ts";
import type { PlanMessage } from "./plan/message.ts";
import type { Plan } from "./plan/plan.ts";
import type { Lane } from "./step/lease.ts";
import { mayStart } from "./step/lease-next.ts";
import { stepOf } from "./step/lookup.ts";
import { planTimer, stepTimer } from "./step/timers.ts";

/** When somebody must look at a plan again, of what some events may have changed. */
export interface Wakeups {
  /** The timer of a step (null: of the plan) as it is now; `at` null where there is none. */
  readonly timers: readonly TimerWakeup[];
  /** Every lane that steps of the plan stand or stood in; `at` null where nothing may start. */
  readonly lanes: readonly LaneWakeup[];
  /** What the plan has to tell other plans because of these events. */
  readonly messages: readonly PlanMessage[];
}

export interface TimerWakeup {
  readonly stepKey: string | null;
  readonly at: number | null;
}

export interface LaneWakeup {
  readonly lane: Lane;
  /** Whether somebody in it may start at once: it is due then, whatever a clock says. */
  readonly atOnce: boolean;
  /** Since when somebody who may start at once has stood in it; else when the first one may. */
  readonly at: number | null;
  readonly priority: number;
}

/** What of the `due` rows these events changed, from the plan after them. */
export function wakeups(plan: Plan, events: readonly PlanEvent[]): Wakeups {
  return {
    timers: timersOf(plan, events),
    lanes: lanesOf(plan),
    messages: events.flatMap((event) => messagesOf(plan, event)),
  };
}

function timersOf(plan: Plan, events: readonly PlanEvent[]): TimerWakeup[] {
  const touched = new Set<string>();
  for (const event of events) if (event.stepKey !== undefined) touched.add(event.stepKey);
  const timers: TimerWakeup[] = [{ stepKey: null, at: planTimer(plan) }];
  for (const stepKey of touched) {
    timers.push({ stepKey, at: stepTimer(plan, stepOf(plan, stepKey)) });
  }
  return timers;
}

function lanesOf(plan: Plan): LaneWakeup[] {
  const open = mayStart(plan);
  return plan.lanes.states().map(({ lane, ready, since, priority, nextAt }) => ({
    lane,
    atOnce: ready > 0,
    at: open ? (ready > 0 ? since : nextAt) : null,
    priority,
  }));
}

function messagesOf(plan: Plan, event: PlanEvent): PlanMessage[] {
  switch (event.type) {
    case "step.waiting": {
      const { childPlanId } = event.data;
      if (childPlanId === undefined) return [];
      const start = downTo(plan, event, "start", childPlanId, known(event.stepKey, event.id));
      if (plan.ending !== null)
        return [start, { ...start, id: `${event.id}/cancel`, kind: "cancel" }];
      return plan.paused ? [start, { ...start, id: `${event.id}/pause`, kind: "pause" }] : [start];
    }
    case "plan.paused":
      return toChildren(plan, event, "pause");
    case "plan.resumed":
      return toChildren(plan, event, "resume");
    case "plan.cancel-requested":
    case "plan.failing":
    case "plan.finished":
      return toChildren(plan, event, "cancel");
    case "plan.completed":
    case "plan.failed":
    case "plan.cancelled":
    case "plan.rejected":
      return toParent(plan, event);
    default:
      return [];
  }
}

function toChildren(plan: Plan, event: PlanEvent, kind: PlanMessage["kind"]): PlanMessage[] {
  return [...plan.children.entries()].map(([child, stepKey]) =>
    downTo(plan, event, kind, child, stepKey),
  );
}

function downTo(
  plan: Plan,
  event: PlanEvent,
  kind: PlanMessage["kind"],
  to: string,
  stepKey: string,
): PlanMessage {
  return { id: `${event.id}/${kind}/${stepKey}`, kind, from: plan.id, to, stepKey };
}

function toParent(plan: Plan, event: PlanEvent): PlanMessage[] {
  if (plan.parent === null) return [];
  const { planId: to, stepKey } = plan.parent;
  return [{ id: `${event.id}/ended`, kind: "ended", from: plan.id, to, stepKey }];
}
