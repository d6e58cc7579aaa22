import type { TenantId } from "../../../core/id.ts";
import { isOfAllTenants, type LimitKey } from "../../../core/shared/limit-key.ts";
import type { SharedLimit } from "../../../core/shared/shared-limit.ts";
import type { LimitRecord } from "../../check-limits.ts";
import type { Session, Transaction } from "../driver.ts";

interface Row {
  readonly key: string;
  readonly max: number | null;
  readonly used: number;
  readonly stopped_at: number | null;
  readonly stop_reason: string | null;
}

/** Which limit it is: of all tenants where the number is 0. */
export interface LimitName {
  readonly tenantNo: number;
  readonly key: LimitKey;
}

/** Those in force for a tenant, by key. */
export async function listLimits(
  session: Session,
  tenantNo: number,
): Promise<readonly SharedLimit[]> {
  const rows = await session.rows<Row>(
    `select key, max, used, stopped_at, stop_reason from limits
     where tenant_no in (0, $1) and (max is not null or stopped_at is not null)
     order by key collate "C"`,
    tenantNo,
  );
  return rows.map(toLimit);
}

/** Which limits are in force for anybody. For the fleet. */
export async function nameLimits(session: Session): Promise<readonly LimitName[]> {
  const rows = await session.rows<{ tenant_no: number; key: string }>(
    `select tenant_no, key from limits where max is not null or stopped_at is not null
     order by tenant_no, key`,
  );
  return rows.map(({ tenant_no: tenantNo, key }) => ({ tenantNo, key: key as LimitKey }));
}

/** Holds limits until the transaction ends, in the one order in which everybody does (P18). */
export async function holdLimits(
  transaction: Transaction,
  tenantNo: number,
  keys: readonly LimitKey[],
): Promise<readonly SharedLimit[]> {
  const rows = await transaction.rows<Row>(
    `select key, max, used, stopped_at, stop_reason from limits
     where tenant_no in (0, $1) and key = any ($2::text[])
     order by tenant_no, key for update`,
    tenantNo,
    keys,
  );
  return rows.map(toLimit);
}

/** Makes a limit that limits nothing yet, where there is none. */
export function ensureLimit(transaction: Transaction, tenantNo: number, key: LimitKey): void {
  transaction.send(
    `insert into limits (tenant_no, key, max, used, stopped_at, stop_reason, changes)
     values ($1, $2, null, 0, null, null, 0) on conflict (tenant_no, key) do nothing`,
    ownerOf(tenantNo, key),
    key,
  );
}

/** Writes what is said of a limit, not what is taken of it. */
export function saveLimit(
  transaction: Transaction,
  tenantNo: number,
  { key, max, stopped }: SharedLimit,
): void {
  transaction.send(
    `update limits set max = $3, stopped_at = $4, stop_reason = $5
     where tenant_no = $1 and key = $2`,
    ownerOf(tenantNo, key),
    key,
    max,
    stopped?.at ?? null,
    stopped?.reason ?? null,
  );
}

/** All there ever were, of those whom the session acts for. */
export async function readLimits(session: Session): Promise<readonly LimitRecord[]> {
  const rows = await session.rows<Row & { tenant_id: TenantId | null; changes: number }>(
    `select tenants.id as tenant_id, key, max, used, stopped_at, stop_reason, changes
     from limits left join tenants on tenants.no = tenant_no
     order by tenant_no, key`,
  );
  return rows.map((row) => ({ ...toLimit(row), tenantId: row.tenant_id, changes: row.changes }));
}

/** Whose row holds a key. */
export function ownerOf(tenantNo: number, key: LimitKey): number {
  return isOfAllTenants(key) ? 0 : tenantNo;
}

function toLimit({ key, max, used, stopped_at: at, stop_reason: reason }: Row): SharedLimit {
  const stopped = at === null ? null : { at, reason };
  return { key: key as LimitKey, max, used, stopped };
}
