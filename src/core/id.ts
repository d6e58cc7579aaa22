/** Ids are text: a prefix that says what is named, and a UUID. */
export type TenantId = string;
/** `pln_…` */
export type PlanId = string;
/** `req_…` */
export type RequestId = string;
/** `art_…` */
export type ArtifactId = string;
/** `cmd_…` or a caller's idempotency key. */
export type CommandId = string;
/** `wrk_…`: one process's lease on life; a process that lost it begins anew under another. */
export type WorkerId = string;

export type IdPrefix = "pln" | "req" | "art" | "wrk";

/**
 * An id that follows from a command: the same command gives the same ids however often it is
 * decided. Shaped as a UUID of version 8 (RFC 9562, section 5.8).
 *
 * @param digest SHA-256 as 64 lower-case hex digits.
 */
export function deriveId(
  prefix: IdPrefix,
  commandId: CommandId,
  ordinal: number,
  digest: (text: string) => string,
): string {
  const hex = digest(`${prefix}\n${commandId}\n${ordinal}`);
  const variant = "89ab"[Number.parseInt(hex.slice(16, 17), 16) % 4];
  return `${prefix}_${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
