import { setTimeout as pause } from "node:timers/promises";
import { StoreFault, type FeedCursor, type FeedPage } from "../../store.ts";
import type { Session } from "../driver.ts";
import { NUMBER_MAX, readPlace, XID_MAX } from "../read-place.ts";
import { parseEvent } from "./read-events.ts";

/** Together a quarter of a second: transactions that are under way are over long before. */
const PATIENCE_MS = [1, 2, 4, 8, 16, 32, 64, 128];

/**
 * Events of one tenant in the order of their commits. Only what is older than every transaction under
 * way here is told, for nothing can come before it any more (P3). Where something newer stands there
 * already, somebody may have been answered about it: it is waited for, for a moment.
 */
export async function readFeed(
  session: Session,
  tenantNo: number,
  after: FeedCursor | null,
  limit: number,
): Promise<FeedPage> {
  const place = after === null ? null : placeOf(after);
  let page = await readPage(session, tenantNo, place, limit);
  for (const ms of PATIENCE_MS) {
    if (page.events.length === limit || !page.isHeld) break;
    await pause(ms);
    page = await readPage(session, tenantNo, place, limit);
  }
  return { events: page.events, cursor: page.cursor ?? after };
}

/** As its cursor says it: `epoch.xid.position`, the epoch being the one in which it was given. */
interface Place {
  readonly cursor: FeedCursor;
  readonly epoch: string;
  readonly xid: string;
  readonly position: string;
}

function placeOf(cursor: FeedCursor): Place {
  const [epoch = "", xid = "", position = ""] = readPlace(cursor, [
    NUMBER_MAX,
    XID_MAX,
    NUMBER_MAX,
  ]);
  return { cursor, epoch, xid, position };
}

interface Row {
  /** Of the database, as it is now. */
  readonly epoch: number;
  /** Events have been committed that may not be told yet. */
  readonly is_held: boolean;
  readonly xid: string | null;
  readonly position: number | null;
  readonly body: string | null;
}

interface HeldPage extends FeedPage {
  readonly isHeld: boolean;
}

async function readPage(
  session: Session,
  tenantNo: number,
  place: Place | null,
  limit: number,
): Promise<HeldPage> {
  const rows = await session.rows<Row>(
    PAGE,
    tenantNo,
    place?.xid ?? "0",
    place?.position ?? 0,
    limit,
  );
  const [{ epoch, is_held: isHeld } = { epoch: 0, is_held: false }] = rows;
  if (place !== null && place.epoch !== String(epoch)) refuse(place.cursor);
  const told = rows.filter(({ body }) => body !== null);
  const last = told.at(-1);
  return {
    events: told.map(({ body }) => parseEvent(body ?? "")),
    cursor: last === undefined ? null : `${epoch}.${last.xid}.${last.position}`,
    isHeld,
  };
}

/**
 * The horizon is the oldest transaction under way, without those that are known to be at work in
 * another database of the server: they write nothing here, however long they take. Who has come to
 * its end since the snapshot is in no list any more, and counts. All of an earlier epoch was committed
 * in it; a position tells its epoch.
 */
const PAGE = `
  with horizon as materialized (
    select coalesce(
      (select xip from pg_snapshot_xip(pg_current_snapshot()) as xip
       where not exists (
           select from pg_stat_activity
           where backend_xid = xip::xid and datid is distinct from here.oid)
         and not exists (
           select from pg_prepared_xacts
           where transaction = xip::xid and database <> here.datname)
       order by xip limit 1),
      pg_snapshot_xmax(pg_current_snapshot())) as xid
    from pg_database as here where datname = current_database()
  ), tail as materialized (
    select deployment.epoch, horizon.xid as horizon, (
        select events.xid from events
        where tenant_no = $1 and events.epoch = deployment.epoch and events.xid >= horizon.xid
        order by events.xid limit 1
      ) is not null as is_held
    from deployment cross join horizon
  )
  select tail.epoch, tail.is_held, page.xid::text as xid, page.position, page.body
  from tail
  left join lateral (
    (select epoch, xid, position, body from events
     where tenant_no = $1 and events.epoch < tail.epoch
       and (epoch, xid, position) > ($3::bigint >> 40, $2::text::xid8, $3::bigint)
     order by epoch, xid, position limit $4::bigint)
    union all
    (select epoch, xid, position, body from events
     where tenant_no = $1 and events.epoch = tail.epoch and xid < tail.horizon
       and (epoch, xid, position) > ($3::bigint >> 40, $2::text::xid8, $3::bigint)
     order by epoch, xid, position limit $4::bigint)
    order by epoch, xid, position limit $4::bigint
  ) as page on true
  order by page.epoch, page.xid, page.position`;

function refuse(cursor: FeedCursor): never {
  throw new StoreFault(
    "bad-cursor",
    `${JSON.stringify(cursor)} was given before the database was restored, moved or failed over: begin again without one`,
  );
}
