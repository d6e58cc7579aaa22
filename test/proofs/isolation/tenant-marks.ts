import type { TenantId } from "../../../src/core/id.ts";

const MARK = /tenant_\d\d/g;

/** The id of a tenant, which stands in everything that is the tenant's. */
export function markOf(number: number): TenantId {
  return `tenant_${String(number).padStart(2, "0")}`;
}

/** The first mark in some data that is another tenant's; null where there is none. */
export function findForeign(value: unknown, own: TenantId): string | null {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "");
  for (const [mark] of text.matchAll(MARK)) if (mark !== own) return mark;
  return null;
}

/** Whether there is anything in it of anybody. */
export function hasMark(value: unknown): boolean {
  return (JSON.stringify(value) ?? "").search(MARK) >= 0;
}
