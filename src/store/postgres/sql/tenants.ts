import type { TenantId } from "../../../core/id.ts";
import type { Session } from "../driver.ts";

/** A tenant's short number; null where it has never written anything. For the fleet. */
export async function findTenant(session: Session, tenantId: TenantId): Promise<number | null> {
  const [row] = await session.rows<{ no: number }>(
    "select no from tenants where id = $1",
    tenantId,
  );
  return row?.no ?? null;
}

/** A tenant's short number, made where it has none. For the fleet. */
export async function ensureTenant(session: Session, tenantId: TenantId): Promise<number> {
  await session.rows("insert into tenants (id) values ($1) on conflict (id) do nothing", tenantId);
  const no = await findTenant(session, tenantId);
  if (no === null) throw new Error(`tenant ${tenantId} has no number`);
  return no;
}

/** Everybody who has ever written something. For the fleet. */
export function listTenants(
  session: Session,
): Promise<readonly { readonly no: number; readonly id: TenantId }[]> {
  return session.rows("select no, id from tenants order by no");
}
