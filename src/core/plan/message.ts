import type { PlanId } from "../id.ts";

/**
 * What one plan tells another: left in the sender's own commit, it arrives at least once and is
 * known by its id, so no commit ever needs two plans.
 */
export interface PlanMessage {
  readonly id: MessageId;
  readonly kind: "start" | "cancel" | "pause" | "resume" | "ended";
  readonly from: PlanId;
  readonly to: PlanId;
  /** The step of the parent that it is about. */
  readonly stepKey: string;
}

export type MessageId = string;
