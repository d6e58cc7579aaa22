import { isGivenBack, isOfAllTenants } from "../../core/shared/limit-key.ts";
import type { SharedLimit } from "../../core/shared/shared-limit.ts";
import { formatTimestamp } from "../../core/timestamp.ts";
import { visible } from "../screen/visible.ts";

/** A limit as one row of a table. */
export function limitRow(limit: SharedLimit, tenant: string): readonly string[] {
  const { key, max, used, stopped } = limit;
  const whose = isOfAllTenants(key) ? "all tenants" : visible(tenant);
  const state = isGivenBack(key) ? "in use" : "used";
  const of = max === null ? `${used} ${state}` : `${used} of ${max} ${state}`;
  return [key, whose, of, ...(stopped === null ? [] : [tellStop(stopped)])];
}

/** The same for programs. */
export function limitJson(limit: SharedLimit, tenant: string): object {
  const { key, max, used, stopped } = limit;
  return {
    key,
    tenantId: isOfAllTenants(key) ? null : tenant,
    max,
    used,
    stopped: stopped && { at: formatTimestamp(stopped.at), reason: stopped.reason },
  };
}

function tellStop({ at, reason }: NonNullable<SharedLimit["stopped"]>): string {
  const why = reason === null ? "" : `: ${visible(reason)}`;
  return `stopped since ${formatTimestamp(at)}${why}`;
}
