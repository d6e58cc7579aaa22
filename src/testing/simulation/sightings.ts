import type { EventType, PlanEvent } from "../../core/plan/event.ts";

const STEP_STATUS_AFTER: ReadonlyMap<EventType, string> = new Map<EventType, string>([
  ["step.readied", "ready"],
  ["step.waiting", "waiting"],
  ["attempt.started", "running"],
  ["attempt.lost", "pending"],
  ["attempt.failed", "pending"],
  ["step.succeeded", "succeeded"],
  ["step.failed", "failed"],
  ["step.skipped", "skipped"],
  ["step.cancelled", "cancelled"],
]);

const PLAN_STATUS_AFTER: ReadonlyMap<EventType, string> = new Map<EventType, string>([
  ["plan.created", "draft"],
  ["plan.submitted", "pending-approval"],
  ["plan.approved", "approved"],
  ["plan.rejected", "rejected"],
  ["plan.started", "executing"],
  ["plan.completed", "completed"],
  ["plan.failed", "failed"],
  ["plan.cancelled", "cancelled"],
]);

/**
 * How often each thing happened that should happen sometimes. What never happens in a batch was
 * not tested by it.
 */
export class Sightings {
  readonly #counts = new Map<string, number>();

  see(what: string, times = 1): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + times);
  }

  /** The log of one plan, from its first event on. */
  seeEvents(events: readonly PlanEvent[]): void {
    const statuses = new Map<string, string>();
    const move = (what: string, key: string, after: string | undefined, first: string): void => {
      if (after === undefined) return;
      this.see(`${what} ${statuses.get(key) ?? first} → ${after}`);
      statuses.set(key, after);
    };
    for (const event of events) {
      this.see(`event ${event.type}`);
      if (event.type === "step.waiting") this.see(`wait ${event.data.reason}`);
      if (event.type === "step.skipped") this.see(`skip ${event.data.reason}`);
      if (event.type === "attempt.lost") this.see(`loss ${event.data.reason}`);
      move("plan", "", PLAN_STATUS_AFTER.get(event.type), "nothing");
      const { stepKey } = event;
      if (stepKey !== undefined)
        move("step", stepKey, STEP_STATUS_AFTER.get(event.type), "pending");
    }
  }

  count(what: string): number {
    return this.#counts.get(what) ?? 0;
  }

  add(other: Sightings): void {
    for (const [what, times] of other.#counts) this.see(what, times);
  }

  entries(): readonly (readonly [string, number])[] {
    return [...this.#counts].toSorted(([left], [right]) => (left < right ? -1 : 1));
  }
}
