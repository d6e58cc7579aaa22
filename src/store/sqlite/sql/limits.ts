import type { TenantId } from "../../../core/id.ts";
import { isOfAllTenants, type LimitKey } from "../../../core/shared/limit-key.ts";
import type { SharedLimit } from "../../../core/shared/shared-limit.ts";
import type { TakeChange } from "../../../core/shared/take-changes.ts";
import type { LimitRecord } from "../../check-limits.ts";
import type { Driver } from "../driver.ts";

interface Row {
  readonly key: string;
  readonly max: number | null;
  readonly used: number;
  readonly stopped_at: number | null;
  readonly stop_reason: string | null;
}

/** A limit of a tenant, or the one that all share; undefined where nothing was ever said of it. */
export function findLimit(
  driver: Driver,
  tenantNo: number,
  key: LimitKey,
): SharedLimit | undefined {
  const row = driver.find<Row>(
    "select key, max, used, stopped_at, stop_reason from limits where tenant_no = ? and key = ?",
    ownerOf(tenantNo, key),
    key,
  );
  return row === undefined ? undefined : toLimit(row);
}

/** Those in force for a tenant, by key. */
export function listLimits(driver: Driver, tenantNo: number | null): readonly SharedLimit[] {
  return driver
    .all<Row>(
      `select key, max, used, stopped_at, stop_reason from limits
       where tenant_no in (0, ?) and (max is not null or stopped_at is not null)
       order by key`,
      tenantNo,
    )
    .map(toLimit);
}

/** Whether anything limits anybody. */
export function hasLimits(driver: Driver): boolean {
  const row = driver.find(
    "select key from limits where max is not null or stopped_at is not null limit 1",
  );
  return row !== undefined;
}

/** Writes what is said of a limit, not what is taken of it. */
export function saveLimit(
  driver: Driver,
  tenantNo: number,
  { key, max, stopped }: SharedLimit,
): void {
  driver.run(
    `insert into limits (tenant_no, key, max, used, stopped_at, stop_reason, changes)
     values (?, ?, ?, 0, ?, ?, 0)
     on conflict (tenant_no, key) do update
     set max = excluded.max, stopped_at = excluded.stopped_at, stop_reason = excluded.stop_reason`,
    ownerOf(tenantNo, key),
    key,
    max,
    stopped?.at ?? null,
    stopped?.reason ?? null,
  );
}

/** Takes and gives back what the attempts of a plan have. */
export function applyTakes(driver: Driver, tenantNo: number, takes: readonly TakeChange[]): void {
  for (const { key, delta } of takes) {
    driver.run(
      `update limits set used = used + ?, changes = changes + 1
       where tenant_no = ? and key = ?`,
      delta,
      ownerOf(tenantNo, key),
      key,
    );
  }
}

/** All there ever were, of all tenants. */
export function readLimits(driver: Driver): readonly LimitRecord[] {
  return driver
    .all<Row & { readonly tenant_id: TenantId | null; readonly changes: number }>(
      `select tenants.id as tenant_id, key, max, used, stopped_at, stop_reason, changes
       from limits left join tenants on tenants.no = tenant_no
       order by tenant_no, key`,
    )
    .map((row) => ({ ...toLimit(row), tenantId: row.tenant_id, changes: row.changes }));
}

function ownerOf(tenantNo: number, key: LimitKey): number {
  return isOfAllTenants(key) ? 0 : tenantNo;
}

function toLimit({ key, max, used, stopped_at: at, stop_reason: reason }: Row): SharedLimit {
  const stopped = at === null ? null : { at, reason };
  return { key: key as LimitKey, max, used, stopped };
}
