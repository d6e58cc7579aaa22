import type { Actor } from "../actor.ts";
import { deriveId, type IdPrefix } from "../id.ts";
import { known } from "../known.ts";
import type { Pure } from "../pure.ts";
import type { Room } from "../shared/room.ts";
import { Sharing } from "../shared/sharing.ts";
import { overlay } from "../table.ts";
import type { Lease } from "../step/lease.ts";
import { formatTimestamp } from "../timestamp.ts";
import type { PlanCommand } from "./command.ts";
import type { EventData, EventType, PlanEvent } from "./event.ts";
import { EVENT_VERSIONS } from "./event-versions.ts";
import { evolve } from "./evolve.ts";
import type { Plan, Revision } from "./plan.ts";
import { WorkList } from "./work-list.ts";

/** What an event is about besides its plan. */
export interface Subject {
  readonly stepKey?: string;
  readonly attempt?: number;
  readonly actor?: Actor;
}

/** What a decision is made with, besides the plan and the command. */
export interface Around {
  readonly pure: Pure;
  readonly room: Room;
}

/**
 * One decision in the making: a draft of the plan that every event is remembered in at once, so
 * that what follows is decided on what has just become true.
 */
export class Deciding {
  readonly command: PlanCommand;
  readonly pure: Pure;
  /** The plan as it was; what its tables say later is what it has become since. */
  readonly base: Plan | null;
  /** Never earlier than the log's last event. */
  readonly time: number;
  readonly events: PlanEvent[] = [];
  readonly leases: Lease[] = [];
  /** Steps that have just ended and whose consequences are still to be drawn. */
  readonly ended: WorkList = new WorkList();
  /** Steps and children whose turn to start has come. */
  readonly opening: WorkList = new WorkList();
  /** How many children of each list have been let go here, those still in line among them. */
  readonly letGo: Map<string, number> = new Map();
  readonly sharing: Sharing;
  revision: Revision | null = null;
  #plan: Plan | null;
  #ids = 0;

  constructor(plan: Plan | null, command: PlanCommand, around: Around) {
    this.command = command;
    this.pure = around.pure;
    this.sharing = new Sharing(around.room);
    this.base = plan;
    this.time = Math.max(command.at, plan?.time ?? 0);
    this.#plan = plan === null ? null : draftOf(plan);
  }

  get plan(): Plan {
    return known(this.#plan, this.command.planId);
  }

  emit<T extends EventType>(type: T, data: EventData[T], subject: Subject = {}): void {
    const event = this.#event(type, data, subject);
    this.events.push(event);
    this.sharing.follow(this.#plan, event);
    this.#plan = evolve(this.#plan, event, () => known(this.revision, "the text of the plan"));
    if (ENDS_STEP.has(type)) this.ended.push(known(subject.stepKey, event.id));
  }

  /** A new id of this decision; the same each time the command is decided. */
  id(prefix: IdPrefix): string {
    this.#ids += 1;
    return deriveId(prefix, this.command.id, this.#ids, (text) => this.pure.digest(text));
  }

  #event<T extends EventType>(type: T, data: EventData[T], subject: Subject): PlanEvent {
    const { command } = this;
    const seq = (this.#plan?.version ?? 0) + 1;
    const { tenantId } = command.type === "plan.create" ? command : this.plan;
    const event = {
      id: `${command.planId}/${seq}`,
      seq,
      type,
      v: EVENT_VERSIONS[type],
      time: formatTimestamp(this.time),
      tenantId,
      planId: command.planId,
      ...(subject.stepKey === undefined ? {} : { stepKey: subject.stepKey }),
      ...(subject.attempt === undefined ? {} : { attempt: subject.attempt }),
      actor: subject.actor ?? command.actor,
      ...(command.traceparent === undefined ? {} : { traceparent: command.traceparent }),
      data,
    };
    // The compiler cannot tie a generic `type` to its `data` in a union.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return event as PlanEvent;
  }
}

const ENDS_STEP: ReadonlySet<EventType> = new Set<EventType>([
  "step.succeeded",
  "step.failed",
  "step.skipped",
  "step.cancelled",
]);

function draftOf(plan: Plan): Plan {
  return {
    ...plan,
    steps: overlay(plan.steps),
    unsettledNeeds: overlay(plan.unsettledNeeds),
    metNeeds: overlay(plan.metNeeds),
    expansions: overlay(plan.expansions),
    requests: overlay(plan.requests),
    refused: overlay(plan.refused),
    signals: overlay(plan.signals),
    signalKeys: overlay(plan.signalKeys),
    signalWaiters: overlay(plan.signalWaiters),
    signalQueues: overlay(plan.signalQueues),
    children: overlay(plan.children),
    running: overlay(plan.running),
    lanes: plan.lanes.draft(),
  };
}
