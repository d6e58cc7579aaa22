import type { PlanId } from "../../../core/id.ts";
import { foldFault } from "../../fold-fault.ts";
import { StoreFault } from "../../store.ts";

/** What goes wrong in folding a log is a fault of that plan. */
export function foldSoundly<T>(planId: PlanId, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw StoreFault.is(error) ? error : foldFault(planId, error);
  }
}
