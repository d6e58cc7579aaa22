import type { CommandId, PlanId, TenantId } from "../../core/id.ts";
import { known } from "../../core/known.ts";
import type { PlanEvent } from "../../core/plan/event.ts";
import type { Revision } from "../../core/plan/plan.ts";
import type { LimitKey } from "../../core/shared/limit-key.ts";
import { UNLIMITED, type Room } from "../../core/shared/room.ts";
import { roomIn, type SharedLimit } from "../../core/shared/shared-limit.ts";
import type { WaveSource } from "../decide-wave.ts";
import type { HeldPlan } from "../held-plan.ts";
import type { StoreFault } from "../store.ts";
import type { CommandRecord, EventSpan } from "../wave.ts";

/** A command that was answered before, with what the answer is made of. */
export interface KnownCommand {
  readonly record: CommandRecord;
  readonly events: readonly PlanEvent[];
  readonly revision: Revision | null;
}

/** All that a wave may ask for, fetched before it is decided: a decision waits for nothing. */
export class WaveLookup implements WaveSource {
  readonly plans: Map<PlanId, HeldPlan | null> = new Map();
  /** Plans that cannot be folded here: they fail, and the others of the wave do not. */
  readonly faults: Map<PlanId, StoreFault> = new Map();
  readonly commands: Map<CommandId, KnownCommand> = new Map();
  readonly numbers: number[] = [];
  /** Limits that are held until the wave has been written. */
  readonly limits: Map<LimitKey, SharedLimit> = new Map();
  readonly #digest: (text: string) => string;

  constructor(digest: (text: string) => string) {
    this.#digest = digest;
  }

  findPlan(_tenantId: TenantId, planId: PlanId): HeldPlan | null {
    const fault = this.faults.get(planId);
    if (fault !== undefined) throw fault;
    return this.plans.get(planId) ?? null;
  }

  findCommand(_tenantId: TenantId, id: CommandId): CommandRecord | null {
    return this.commands.get(id)?.record ?? null;
  }

  readEvents(span: EventSpan): readonly PlanEvent[] {
    return known(this.#commandThatLeft(span), `events ${span.first} to ${span.last}`).events;
  }

  readRevision(planNo: number, number: number): Revision {
    for (const { record, revision } of this.commands.values()) {
      if (record.left?.planNo === planNo && revision?.number === number) return revision;
    }
    throw new Error(`revision ${number} was not fetched`);
  }

  /** Nothing is leased but where what limits it is held. */
  room(): Room {
    if (this.limits.size === 0) return UNLIMITED;
    return (key) => roomIn(this.limits.get(key));
  }

  newPlanNo(): number {
    return known(this.numbers.shift(), "a number for a new plan");
  }

  digest(text: string): string {
    return this.#digest(text);
  }

  #commandThatLeft({ planNo, first, last }: EventSpan): KnownCommand | undefined {
    return this.commands
      .values()
      .find(
        ({ record: { left } }) =>
          left?.planNo === planNo && left.first === first && left.last === last,
      );
  }
}
