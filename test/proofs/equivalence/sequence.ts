import type { TenantId } from "../../../src/core/id.ts";
import type { PlanCommand } from "../../../src/core/plan/command.ts";
import type { Decision } from "../../../src/core/plan/decision.ts";
import type { MessageId } from "../../../src/core/plan/message.ts";
import type { Oracle } from "./oracle.ts";

/** Commands on a plan and its sub-plans, with what they must come to: fully determined by a seed. */
export interface Sequence {
  /** Which one it is, for who wants to see it again. */
  readonly name: string;
  readonly tenantId: TenantId;
  /** One after the other: each is sent when everything before it has been answered. */
  readonly bursts: readonly Burst[];
  /** What the commands have come to by the rules. */
  readonly oracle: Oracle;
}

/** Commands that are sent at the same moment: those on one plan in this order. */
export interface Burst {
  readonly commands: readonly RecordedCommand[];
  /** Its one command is sent by every process at once; one of them carries it out. */
  readonly isRace: boolean;
}

export interface RecordedCommand {
  readonly command: PlanCommand;
  readonly settles: MessageId | null;
  readonly answer: Decision;
}
