import type { Actor } from "../core/actor.ts";
import type { CommandId, PlanId, TenantId } from "../core/id.ts";
import type { CommandData, CommandType, PlanCommand } from "../core/plan/command.ts";
import { decide } from "../core/plan/decide.ts";
import type { Decision } from "../core/plan/decision.ts";
import type { EventType, PlanEvent } from "../core/plan/event.ts";
import type { MessageId } from "../core/plan/message.ts";
import type { Stores } from "../store/store.ts";
import type { Dispatcher } from "./dispatcher.ts";
import type { Runtime } from "./runtime.ts";

/** What is wished, without what the committer fills in. */
export interface Wish<T extends CommandType> {
  readonly tenantId: TenantId;
  readonly planId: PlanId;
  readonly type: T;
  readonly data: CommandData[T];
  readonly actor: Actor;
  /** Known where the same wish may be sent again; else a new one. */
  readonly id?: CommandId;
  readonly settles?: MessageId;
  readonly traceparent?: string;
}

/** Sends wishes to the store and tells those in this process who must know what came of them. */
export interface Committer {
  commit<T extends CommandType>(wish: Wish<T>): Promise<Decision>;
  /** Calls back after each commit (of one plan, if named), with its events, before anybody else is answered. */
  onCommit(callback: OnCommit, planId?: PlanId): Disposable;
}

export type OnCommit = (events: readonly PlanEvent[]) => void;

export function createCommitter(options: {
  readonly stores: Stores;
  readonly runtime: Runtime;
  readonly dispatcher: Dispatcher;
  /** Hears what a listener throws; without it that is thrown where nobody catches it. */
  readonly onFault?: ((error: unknown) => void) | undefined;
}): Committer {
  const { stores, runtime, dispatcher, onFault = throwApart } = options;
  /** Who listens to everything, and to one plan each: thousands may wait for a plan of their own. */
  const everything = new Set<OnCommit>();
  const byPlan = new Map<PlanId, Set<OnCommit>>();
  return {
    async commit(wish) {
      const command = commandOf(wish, runtime);
      const decision = await stores.forTenant(wish.tenantId).commit(command, decide, wish.settles);
      if (decision.events.length > 0) {
        for (const listener of everything) tell(listener, decision.events, onFault);
        for (const listener of byPlan.get(wish.planId) ?? []) {
          tell(listener, decision.events, onFault);
        }
        if (leavesWork(decision)) dispatcher.wake();
      }
      return decision;
    },
    onCommit(callback, planId) {
      const listeners = planId === undefined ? everything : listenersOf(byPlan, planId);
      listeners.add(callback);
      return {
        [Symbol.dispose]: () => {
          const wasLast = listeners.delete(callback) && listeners.size === 0;
          if (wasLast && planId !== undefined) byPlan.delete(planId);
        },
      };
    },
  };
}

/** What has been committed is answered whatever a listener makes of it: the leases in it are somebody's. */
function tell(
  listener: OnCommit,
  events: readonly PlanEvent[],
  onFault: (error: unknown) => void,
): void {
  try {
    listener(events);
  } catch (error) {
    onFault(error);
  }
}

function throwApart(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}

function listenersOf(byPlan: Map<PlanId, Set<OnCommit>>, planId: PlanId): Set<OnCommit> {
  let listeners = byPlan.get(planId);
  if (listeners === undefined) byPlan.set(planId, (listeners = new Set()));
  return listeners;
}

function commandOf<T extends CommandType>(wish: Wish<T>, runtime: Runtime): PlanCommand {
  const { planId, type, data, actor, traceparent } = wish;
  const command = {
    ...data,
    id: wish.id ?? `cmd_${runtime.uuid()}`,
    planId,
    type,
    at: runtime.now(),
    actor,
    ...(traceparent === undefined ? {} : { traceparent }),
  };
  // The compiler cannot tie a generic `type` to its data in a union.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return command as unknown as PlanCommand;
}

/**
 * Whether somebody may have something to do because of this. A completion that leased on all that it
 * readied leaves nothing: a chain never asks `due`.
 */
function leavesWork(decision: Decision): boolean {
  // Work of other plans may have waited for the room.
  if (decision.ok && decision.freed !== undefined) return true;
  const { events } = decision;
  let inLine = 0;
  for (const { type } of events) {
    if (type === "step.readied") inLine += 1;
    else if (type === "attempt.started") inLine -= 1;
    else if (LEAVE_WORK.has(type)) return true;
  }
  return inLine > 0;
}

const LEAVE_WORK: ReadonlySet<EventType> = new Set<EventType>([
  "plan.started",
  "plan.paused",
  "plan.resumed",
  "plan.cancel-requested",
  "plan.failing",
  "plan.finished",
  "plan.completed",
  "plan.failed",
  "plan.cancelled",
  "step.waiting",
  "request.decided",
  "attempt.lost",
]);
