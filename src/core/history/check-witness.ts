import type { Actor } from "../actor.ts";
import type { CommandId, PlanId, RequestId } from "../id.ts";
import type { CommandType } from "../plan/command.ts";
import type { EventType, PlanEvent } from "../plan/event.ts";
import { placed, type Violation } from "./violation.ts";

/** One line of a client's own book: what it sent, and whether it was told that it stands. */
export interface LedgerEntry {
  readonly commandId: CommandId;
  /** What was wished; for leases, one entry for each attempt that was granted. */
  readonly kind: CommandType;
  readonly planId: PlanId;
  readonly actor: Actor;
  /** False where no answer came: the command may stand or not. */
  readonly acked: boolean;
  readonly stepKey?: string;
  readonly attempt?: number;
  readonly requestId?: RequestId;
  /** The name of a signal. */
  readonly signal?: string;
}

/** What a command that stands has left in the log: one of these. */
const EVIDENCE: Readonly<Record<CommandType, readonly EventType[]>> = {
  "plan.create": ["plan.created"],
  "plan.submit": ["plan.submitted"],
  "plan.approve": ["plan.approved"],
  "plan.reject": ["plan.rejected"],
  "plan.start": ["plan.started"],
  "plan.pause": ["plan.paused"],
  "plan.resume": ["plan.resumed"],
  "plan.cancel": ["plan.cancel-requested", "plan.cancelled"],
  "plan.finish": ["plan.finished"],
  "step.retry": ["step.readied", "step.waiting"],
  "step.skip": ["step.skipped"],
  "step.complete": ["step.succeeded"],
  "attempt.lease": ["attempt.started"],
  "attempt.report": ["step.succeeded", "step.failed", "attempt.failed"],
  "attempt.lose": ["attempt.lost"],
  "request.decide": ["request.decided"],
  "signal.deliver": ["signal.received"],
  "timer.fire": [],
  "child.acknowledge": ["child.started"],
  "child.report": ["child.ended"],
};

/** What only somebody's command brings about, and by which commands. */
const ORIGIN: ReadonlyMap<EventType, readonly CommandType[]> = new Map<
  EventType,
  readonly CommandType[]
>([
  ["plan.created", ["plan.create"]],
  ["plan.submitted", ["plan.submit", "plan.create"]],
  ["plan.rejected", ["plan.reject", "request.decide"]],
  ["plan.paused", ["plan.pause"]],
  ["plan.resumed", ["plan.resume"]],
  ["plan.cancel-requested", ["plan.cancel"]],
  ["plan.finished", ["plan.finish"]],
  ["attempt.started", ["attempt.lease", "attempt.report"]],
  ["request.decided", ["request.decide", "plan.approve", "plan.reject", "timer.fire"]],
  ["signal.received", ["signal.deliver"]],
]);

/**
 * I24: everything that a client was told stands in the logs, and nothing stands there in its name
 * that it never sent. `events` are of any number of plans.
 */
export function checkWitness(
  ledger: readonly LedgerEntry[],
  events: readonly PlanEvent[],
): readonly Violation[] {
  return [...unkept(ledger, events), ...unsent(ledger, events)];
}

function* unkept(
  ledger: readonly LedgerEntry[],
  events: readonly PlanEvent[],
): Generator<Violation, void> {
  const byPlan = Map.groupBy(events, ({ planId, type }) => `${planId} ${type}`);
  const byStep = Map.groupBy(events, ({ planId, type, stepKey }) => `${planId} ${type} ${stepKey}`);
  for (const entry of ledger) {
    const types = EVIDENCE[entry.kind];
    if (!entry.acked || types.length === 0) continue;
    const { planId, stepKey } = entry;
    const told = types.flatMap((type) =>
      stepKey === undefined
        ? (byPlan.get(`${planId} ${type}`) ?? [])
        : (byStep.get(`${planId} ${type} ${stepKey}`) ?? []),
    );
    if (told.some((event) => isAbout(entry, event))) continue;
    const message = `${entry.kind} of ${planId} was acknowledged (${entry.commandId}) and left nothing`;
    yield placed({ invariant: "I24", message }, { stepKey });
  }
}

function isAbout(entry: LedgerEntry, event: PlanEvent): boolean {
  if (entry.attempt !== undefined && entry.attempt !== event.attempt) return false;
  if (event.type === "request.decided") return entry.requestId === event.data.requestId;
  return event.type !== "signal.received" || entry.signal === event.data.name;
}

function* unsent(
  ledger: readonly LedgerEntry[],
  events: readonly PlanEvent[],
): Generator<Violation, void> {
  const sent = new Set(ledger.map((entry) => line(entry.actor, entry.planId, entry.kind)));
  const actors = new Set(ledger.map((entry) => nameOf(entry.actor)));
  for (const event of events) {
    const kinds = ORIGIN.get(event.type);
    if (kinds === undefined || !actors.has(nameOf(event.actor))) continue;
    if (kinds.some((kind) => sent.has(line(event.actor, event.planId, kind)))) continue;
    const message = `${event.type} of ${event.planId} bears ${nameOf(event.actor)}, who never sent it`;
    yield placed({ invariant: "I24", message }, event);
  }
}

function line(actor: Actor, planId: PlanId, kind: CommandType): string {
  return `${nameOf(actor)} ${planId} ${kind}`;
}

function nameOf(actor: Actor): string {
  return `${actor.kind}:${actor.id}`;
}
