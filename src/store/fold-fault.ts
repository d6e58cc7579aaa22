import type { PlanId } from "../core/id.ts";
import { UnknownEvent } from "../core/plan/event-versions.ts";
import { StoreFault } from "./store.ts";

/**
 * Why the events of a plan do not fold: a later release has written some of them, or they were not
 * written by this program as it stands and the store is damaged. Either stops this plan alone.
 */
export function foldFault(planId: PlanId, error: unknown): StoreFault {
  const why = error instanceof Error ? error.message : String(error);
  if (!(error instanceof UnknownEvent)) {
    const message = `the events of ${planId} do not add up to a plan: ${why}`;
    return new StoreFault("corrupt", message, { cause: error });
  }
  const message = `${why}: a later release carries this plan on, and this one the others`;
  return new StoreFault("unknown-event", message, { cause: error });
}

/** Whether a fault may say something of one plan only: what else was asked for goes on. */
export function isOfOnePlan(error: unknown): error is StoreFault {
  return StoreFault.is(error) && (error.code === "unknown-event" || error.code === "corrupt");
}
