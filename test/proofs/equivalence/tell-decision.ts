import type { Decision } from "../../../src/core/plan/decision.ts";
import { tell } from "../tell.ts";

/** A decision as text; of what an executor's expressions can see, the inputs. */
export function tellDecision(decision: Decision): string {
  if (!decision.ok) return tell(decision);
  const leases = decision.leases.map(({ scope, ...lease }) => ({ ...lease, inputs: scope.inputs }));
  return tell({ ...decision, leases });
}
