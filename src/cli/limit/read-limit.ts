import {
  isOfAllTenants,
  LIMIT_KEY_FORMS,
  parseLimitKey,
  type LimitKey,
} from "../../core/shared/limit-key.ts";
import type { Given } from "../given.ts";
import { visible } from "../screen/visible.ts";
import { UsageFault } from "../usage-fault.ts";

/** The key of a limit, as it was typed. */
export function readLimitKey(given: Given): LimitKey {
  const text = given.argument(0);
  const key = parseLimitKey(text);
  if (key === null) {
    throw new UsageFault(`${JSON.stringify(text)} is no key of a limit: write ${LIMIT_KEY_FORMS}`);
  }
  if (isOfAllTenants(key) && given.isTyped("tenant")) {
    throw new UsageFault(`${key} is of all tenants together: leave --tenant out`);
  }
  return key;
}

export function readMax(given: Given): number {
  const text = given.argument(1);
  if (/^\d{1,12}$/.test(text)) return Number(text);
  throw new UsageFault(`${JSON.stringify(text)} is no maximum: write a whole number from 0 on`);
}

export function readTenant(given: Given): string {
  return checkTenant(given.text("tenant") ?? "");
}

/** A name as tenants have it; what is no such name cannot have been meant. */
export function checkTenant(name: string): string {
  if (name.trim() !== "" && name.length <= 200 && visible(name) === name) return name;
  throw new UsageFault("a tenant has a name of up to 200 printable characters");
}
