/**
 * What a limit that plans share is on: attempts under way in a pool (of all tenants together), of a
 * tenant, or of one of its capabilities; or the attempts that a tenant may start at all.
 */
export type LimitKey = `pool:${string}` | "tenant" | `owner:${string}` | "budget:attempts";

/** The forms of a key, to be told to people. */
export const LIMIT_KEY_FORMS =
  "pool:NAME, tenant, owner:CAPABILITY (such as owner:tool:github.create_release) or budget:attempts";

const NAME = /^[A-Za-z_][A-Za-z0-9_-]{0,63}$/;
const CAPABILITY = /^(?:agent|command|external|verify|tool:[A-Za-z0-9_.:/-]{1,200})$/;

/** A key as people write it; null where it has none of the forms. */
export function parseLimitKey(text: string): LimitKey | null {
  if (text === "tenant" || text === "budget:attempts") return text;
  const colon = text.indexOf(":");
  const name = text.slice(colon + 1);
  switch (text.slice(0, colon)) {
    case "pool":
      return NAME.test(name) ? `pool:${name}` : null;
    case "owner":
      return CAPABILITY.test(name) ? `owner:${name}` : null;
    default:
      return null;
  }
}

/** Whether all tenants take from the same; of every other key each tenant has its own. */
export function isOfAllTenants(key: LimitKey): boolean {
  return key.startsWith("pool:");
}

/** Whether an attempt that ends gives back what it took. */
export function isGivenBack(key: LimitKey): boolean {
  return key !== "budget:attempts";
}
