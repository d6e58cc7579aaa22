import type { PlanCommand } from "../../core/plan/command.ts";
import type { Decision } from "../../core/plan/decision.ts";
import type { Stores } from "../../store/store.ts";
import { interceptStores } from "../intercept-stores.ts";

/** Who keeps the book of a client: in memory or in a file. */
export interface Witness {
  sent(command: PlanCommand): void;
  answered(command: PlanCommand, decision: Decision): void;
}

/** The same stores, with every command written down before it goes out and when it is answered. */
export function witnessStores(stores: Stores, witness: Witness): Stores {
  return interceptStores(stores, async ({ command }, run) => {
    if (command === undefined) return run();
    witness.sent(command);
    const answer = await run();
    witness.answered(command, answer as Decision);
    return answer;
  });
}
