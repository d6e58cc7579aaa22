import type { TenantId } from "../id.ts";
import { isGivenBack, isOfAllTenants } from "./limit-key.ts";
import type { SharedLimit } from "./shared-limit.ts";

/** Why a limit lets nobody start, and what would; null where somebody else's end does. */
export function tellLimit(
  { key, max, used, stopped }: SharedLimit,
  tenantId: TenantId,
): { readonly message: string; readonly unblock: string | null } {
  // `pool:gpu` is pool gpu, in words.
  const subject = key === "tenant" ? `tenant ${tenantId}` : key.replace(":", " ");
  if (stopped !== null) {
    const why = stopped.reason === null ? "" : `: ${stopped.reason}`;
    return { message: `${subject} stopped${why}`, unblock: `tenant start ${tenantId}` };
  }
  const raise = `limit set ${key} N${isOfAllTenants(key) ? "" : ` --tenant ${tenantId}`}`;
  if (isGivenBack(key)) {
    const message = `it waits for room in ${subject}: ${used} of ${max} in use`;
    return { message, unblock: max === 0 ? raise : null };
  }
  const message = `the tenant's budget of attempts is used up: ${used} of ${max}`;
  return { message, unblock: raise };
}
