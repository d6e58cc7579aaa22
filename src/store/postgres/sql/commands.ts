import type { CommandId, TenantId } from "../../../core/id.ts";
import type { Refusal } from "../../../core/refusal.ts";
import type { CommandRecord, EventSpan } from "../../wave.ts";
import type { Session } from "../driver.ts";

/** How long a command is answered the same (G16). */
const KEPT_MS = 24 * 60 * 60 * 1000;
/** As many again as a wave brings at most, so that what is over gets less with every wave. */
const PRUNED_AT_ONCE = 128;

interface Row {
  readonly digest: string;
  readonly plan_no: number | null;
  readonly first_seq: number | null;
  readonly last_seq: number | null;
  readonly revision: number | null;
  readonly refusal: string | null;
}

/** What was answered to a command. */
export async function findCommand(
  session: Session,
  tenantNo: number,
  tenantId: TenantId,
  id: CommandId,
): Promise<CommandRecord | null> {
  const [row] = await session.rows<Row>(
    `select digest, plan_no, first_seq, last_seq, revision, refusal
     from commands where tenant_no = $1 and id = $2`,
    tenantNo,
    id,
  );
  if (row === undefined) return null;
  return {
    tenantId,
    id,
    digest: row.digest,
    left: spanOf(row),
    revision: row.revision,
    refusal: row.refusal === null ? null : (JSON.parse(row.refusal) as Refusal),
  };
}

/** When the oldest answer of a tenant may go; null where there is none. */
export async function nextPrune(session: Session, tenantNo: number): Promise<number | null> {
  const [row] = await session.rows<{ at: number }>(
    "select at from commands where tenant_no = $1 order by at limit 1",
    tenantNo,
  );
  return row === undefined ? null : row.at + KEPT_MS;
}

/**
 * Forgets a tenant's oldest answers that have been kept long enough, a few at a time, and says how
 * many. What another process forgets at this moment is passed over; what is chosen is chosen once,
 * or the limit would not hold (P6).
 */
export async function pruneCommands(
  session: Session,
  tenantNo: number,
  now: number,
): Promise<number> {
  const rows = await session.rows<{ id: string }>(
    `with oldest as materialized (
       select id from commands where tenant_no = $1 and at <= $2
       order by at limit $3 for update skip locked
     )
     delete from commands using oldest
     where commands.tenant_no = $1 and commands.id = oldest.id
     returning commands.id`,
    tenantNo,
    now - KEPT_MS,
    PRUNED_AT_ONCE,
  );
  return rows.length;
}

function spanOf(row: Row): EventSpan | null {
  if (row.plan_no === null || row.first_seq === null || row.last_seq === null) return null;
  return { planNo: row.plan_no, first: row.first_seq, last: row.last_seq };
}
