import type { PlanEvent } from "../../../src/core/plan/event.ts";
import type { Ground } from "../ground.ts";

/** When something became true of an attempt, by the server's word for the transaction that it came with. */
export interface CommittedEvent {
  readonly tenantId: string;
  readonly planId: string;
  readonly type: PlanEvent["type"];
  readonly stepKey: string;
  /** 0 where the event names none. */
  readonly attempt: number;
  readonly workerId: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** One attempt, from when to when it was under way. */
export interface AttemptSpan {
  readonly tenantId: string;
  readonly planId: string;
  readonly stepKey: string;
  readonly attempt: number;
  readonly workerId: string;
  readonly from: number;
  /** Null where it still is. */
  readonly until: number | null;
  readonly end: PlanEvent["type"] | null;
}

/** What ends an attempt that is under way. */
export const ENDS: readonly PlanEvent["type"][] = [
  "attempt.lost",
  "attempt.failed",
  "step.succeeded",
  "step.failed",
  "step.cancelled",
  "step.skipped",
];

/** Every attempt of every plan. */
export async function readAttemptSpans(ground: Ground): Promise<readonly AttemptSpan[]> {
  const events = await readCommitted(ground, ["attempt.started", ...ENDS]);
  const open = new Map<string, AttemptSpan>();
  const spans: AttemptSpan[] = [];
  for (const { type, at, ...subject } of events) {
    const key = `${subject.planId} ${subject.stepKey}`;
    if (type === "attempt.started") {
      open.set(key, { ...subject, from: at, until: null, end: null });
      continue;
    }
    const span = open.get(key);
    if (span === undefined) continue;
    open.delete(key);
    spans.push({ ...span, until: at, end: type });
  }
  return [...spans, ...open.values()];
}

/** Events of some types, plan by plan in their order. */
export function readCommitted(
  ground: Ground,
  types: readonly PlanEvent["type"][],
): Promise<readonly CommittedEvent[]> {
  return ground.ask<CommittedEvent>(TOLD, types);
}

const TOLD = `
  select body ->> 'tenantId' as "tenantId", body ->> 'planId' as "planId", body ->> 'type' as type,
    coalesce(body ->> 'stepKey', '') as "stepKey",
    coalesce((body ->> 'attempt')::int, 0) as attempt,
    coalesce(body -> 'data' ->> 'workerId', '') as "workerId", at
  from (
    select plan_no, seq, body::jsonb as body,
      (extract(epoch from pg_xact_commit_timestamp(xid::xid)) * 1000)::float8 as at
    from planwright.events
  ) as told
  where body ->> 'type' = any ($1)
  order by plan_no, seq
`;
