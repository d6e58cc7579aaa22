import type { LaneWakeup } from "../core/wakeup.ts";
import type { Plan, PlanStatus } from "../core/plan/plan.ts";

/** A folded plan with its one holder, and what the holder knows of the rows that stand for it. */
export interface HeldPlan {
  /** The store's own short number for it. */
  readonly no: number;
  /** As of the last event; its tables are written in place. */
  plan: Plan;
  /** Hash of the last event. */
  hash: string;
  /** Number of the event that its newest checkpoint stands at; 0 where it has none. */
  checkpointAt: number;
  /** Its status as the row says; null where there is no row yet. */
  rowStatus: PlanStatus | null;
  /** Timers as their rows say, by step key (empty: the plan's own). */
  readonly timers: Map<string, number>;
  /** Lanes with ready work as their rows say, by `laneKey`. */
  readonly lanes: Map<string, LaneWakeup>;
}
