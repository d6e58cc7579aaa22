import type { PlanEvent } from "../../../core/plan/event.ts";
import type { ChainedEvent, EventRange } from "../../store.ts";
import type { EventSpan } from "../../wave.ts";
import type { Driver } from "../driver.ts";

const PAGE = 1000;

interface Row {
  readonly seq: number;
  readonly hash: string;
  readonly body: string;
}

/** Events of one plan with their hashes, oldest first. */
export function readChain(
  driver: Driver,
  planNo: number,
  { after = 0, limit = Number.MAX_SAFE_INTEGER }: EventRange,
): ChainedEvent[] {
  return readRows(driver, planNo, after, limit).map(({ hash, body }) => ({
    event: parseEvent(body),
    hash,
  }));
}

/** The same as they are stored, for whoever checks them. */
function readRows(driver: Driver, planNo: number, after: number, limit: number): Row[] {
  return driver.all<Row>(
    "select seq, hash, body from events where plan_no = ? and seq > ? order by seq limit ?",
    planNo,
    after,
    limit,
  );
}

/** A whole log, or the rest of one, in pages: a long one is never in memory at once. */
export function* pageRows(driver: Driver, planNo: number, after: number): Generator<Row> {
  for (let last = after; ;) {
    const rows = readRows(driver, planNo, last, PAGE);
    yield* rows;
    const end = rows.at(-1);
    if (end === undefined || rows.length < PAGE) return;
    last = end.seq;
  }
}

/** The events that one command left. */
export function readSpan(driver: Driver, { planNo, first, last }: EventSpan): PlanEvent[] {
  return readRows(driver, planNo, first - 1, last - first + 1).map(({ body }) => parseEvent(body));
}

/** What stands in the log was written by `eventText`, and its hash tells if it was changed. */
export function parseEvent(body: string): PlanEvent {
  return JSON.parse(body) as PlanEvent;
}
