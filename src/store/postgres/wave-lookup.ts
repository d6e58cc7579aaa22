import type { CommandId, PlanId, TenantId } from "../../core/id.ts";
import { known } from "../../core/known.ts";
import type { PlanEvent } from "../../core/plan/event.ts";
import type { Revision } from "../../core/plan/plan.ts";
import type { WaveSource } from "../decide-wave.ts";
import type { HeldPlan } from "../held-plan.ts";
import type { CommandRecord, EventSpan } from "../wave.ts";

/** A command that was answered before, with what the answer is made of. */
export interface KnownCommand {
  readonly record: CommandRecord;
  readonly events: readonly PlanEvent[];
  readonly revision: Revision | null;
}

/** All that a wave may ask for, fetched before it is decided: a decision waits for nothing. */
export class WaveLookup implements WaveSource {
  readonly plans = new Map<PlanId, HeldPlan | null>();
  readonly commands = new Map<CommandId, KnownCommand>();
  readonly numbers: number[] = [];
  readonly #digest: (text: string) => string;

  constructor(digest: (text: string) => string) {
    this.#digest = digest;
  }

  findPlan(_tenantId: TenantId, planId: PlanId): HeldPlan | null {
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
