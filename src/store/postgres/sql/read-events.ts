import type { PlanId } from "../../../core/id.ts";
import type { PlanEvent } from "../../../core/plan/event.ts";
import type { ChainedEvent, EventRange } from "../../store.ts";
import type { EventSpan } from "../../wave.ts";
import type { Session } from "../driver.ts";

const PAGE = 1000;

/** An event as it is stored. */
export interface EventRow {
  readonly seq: number;
  readonly hash: string;
  readonly body: string;
}

/** Events of one plan with their hashes, oldest first. */
export async function readChain(
  session: Session,
  tenantNo: number,
  planId: PlanId,
  { after = 0, limit }: EventRange,
): Promise<readonly ChainedEvent[]> {
  const rows = await session.rows<EventRow>(
    `select events.seq, events.hash, events.body
     from plans join events on events.plan_no = plans.no
     where plans.tenant_no = $1 and plans.id = $2 and events.seq > $3::bigint
     order by events.seq limit $4::bigint`,
    tenantNo,
    planId,
    after,
    limit ?? null,
  );
  return rows.map(({ hash, body }) => ({ event: parseEvent(body), hash }));
}

/** A whole log, or the rest of one, in pages: a long one is never in memory at once. */
export async function* pageRows(
  session: Session,
  planNo: number,
  after: number,
): AsyncGenerator<EventRow> {
  for (let last = after; ;) {
    const rows = await readRows(session, planNo, last, PAGE);
    yield* rows;
    const end = rows.at(-1);
    if (end === undefined || rows.length < PAGE) return;
    last = end.seq;
  }
}

/** The events that one command left. */
export async function readSpan(
  session: Session,
  { planNo, first, last }: EventSpan,
): Promise<readonly PlanEvent[]> {
  const rows = await readRows(session, planNo, first - 1, last - first + 1);
  return rows.map(({ body }) => parseEvent(body));
}

/** The texts of some events, up to one of them. */
export async function readBodies(
  session: Session,
  planNo: number,
  { after, upTo, limit }: { readonly after: number; readonly upTo: number; readonly limit: number },
): Promise<readonly string[]> {
  const rows = await session.rows<{ body: string }>(
    `select body from events where plan_no = $1 and seq > $2 and seq <= $3
     order by seq limit $4`,
    planNo,
    after,
    upTo,
    limit,
  );
  return rows.map(({ body }) => body);
}

/** What stands in the log was written by `eventText`, and its hash tells if it was changed. */
export function parseEvent(body: string): PlanEvent {
  return JSON.parse(body) as PlanEvent;
}

function readRows(
  session: Session,
  planNo: number,
  after: number,
  limit: number,
): Promise<readonly EventRow[]> {
  return session.rows(
    "select seq, hash, body from events where plan_no = $1 and seq > $2 order by seq limit $3",
    planNo,
    after,
    limit,
  );
}
