import type { Refusal } from "../refusal.ts";
import type { LimitKey } from "../shared/limit-key.ts";
import type { Room } from "../shared/room.ts";
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
      /** Limits that kept ready steps from being leased. Not stored. */
      readonly withheld?: readonly LimitKey[];
      /** Limits that were full, and of which ended attempts have given back: others may start. Not stored. */
      readonly freed?: readonly LimitKey[];
    }
  | { readonly ok: false; readonly refusal: Refusal; readonly events: readonly PlanEvent[] };

/**
 * The rules as one function: same plan, same command, same room, same decision. Null is a plan that
 * is not there.
 */
export type Decide = (plan: Plan | null, command: PlanCommand, pure: Pure, room: Room) => Decision;
