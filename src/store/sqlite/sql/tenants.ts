import type { TenantId } from "../../../core/id.ts";
import type { Driver } from "../driver.ts";

/** A tenant's short number; null where it has never written anything. */
export function findTenant(driver: Driver, tenantId: TenantId): number | null {
  const row = driver.find<{ no: number }>("select no from tenants where id = ?", tenantId);
  return row?.no ?? null;
}

/** A tenant's short number, made where it has none. */
export function ensureTenant(driver: Driver, tenantId: TenantId): number {
  driver.run("insert into tenants (id) values (?) on conflict (id) do nothing", tenantId);
  const no = findTenant(driver, tenantId);
  if (no === null) throw new Error(`tenant ${tenantId} has no number`);
  return no;
}
