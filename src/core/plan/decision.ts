import type { Refusal } from "../refusal.ts";
import type { Lease } from "../step/lease.ts";
import type { PlanEvent } from "./event.ts";
import type { Plan, Revision } from "./plan.ts";
import type { PlanCommand } from "./command.ts";
import type { Pure } from "../pure.ts";

/** What a command came to. A refusal may leave an event, too: that somebody came late. */
export type Decision =
  | {
      readonly ok: true;
      readonly events: readonly PlanEvent[];
      /** A new text, stored once; its events name it by digest. */
      readonly revision?: Revision;
      /** Attempts that the command's worker may carry out now. Not stored. */
      readonly leases: readonly Lease[];
    }
  | { readonly ok: false; readonly refusal: Refusal; readonly events: readonly PlanEvent[] };

/** The rules as one function: same plan, same command, same decision. Null is a plan that is not there. */
export type Decide = (plan: Plan | null, command: PlanCommand, pure: Pure) => Decision;
