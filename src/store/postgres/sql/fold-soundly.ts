import type { PlanId } from "../../../core/id.ts";
import { StoreFault } from "../../store.ts";

/** A log that does not fold was not written by this program as it stands: the store is damaged. */
export function foldSoundly<T>(planId: PlanId, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (StoreFault.is(error)) throw error;
    const why = error instanceof Error ? error.message : String(error);
    const message = `the events of ${planId} do not add up to a plan: ${why}`;
    throw new StoreFault("corrupt", message, { cause: error });
  }
}
