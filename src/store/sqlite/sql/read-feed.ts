import { readCursor } from "../../cursor.ts";
import type { FeedCursor, FeedPage } from "../../store.ts";
import type { Driver } from "../driver.ts";
import { firstPosition } from "./positions.ts";
import { parseEvent } from "./read-events.ts";

/** Events of one tenant in the order of their commits. */
export function readFeed(
  driver: Driver,
  tenantNo: number,
  after: FeedCursor | null,
  limit: number,
): FeedPage {
  const base = firstPosition(tenantNo);
  const rows = driver.all<{ position: number; body: string }>(
    "select position, body from events where position > ? and position < ? order by position limit ?",
    base + (after === null ? 0 : readCursor(after)),
    firstPosition(tenantNo + 1),
    limit,
  );
  const last = rows.at(-1);
  return {
    events: rows.map(({ body }) => parseEvent(body)),
    cursor: last === undefined ? after : String(last.position - base),
  };
}
