import type { LimitKey } from "../core/shared/limit-key.ts";
import type { SharedLimit } from "../core/shared/shared-limit.ts";

/**
 * What shall become of a limit. `clear` lets anybody start again and forgets nothing: what attempts
 * have taken they give back, and what was used of a budget stays used. `stop` lets nobody start until
 * `start`, whatever the maximum says meanwhile.
 */
export type LimitChange =
  | { readonly kind: "set"; readonly max: number }
  | { readonly kind: "clear" }
  | { readonly kind: "stop"; readonly reason: string | null }
  | { readonly kind: "start" };

/** A limit that nothing has been said of. */
export function unsetLimit(key: LimitKey): SharedLimit {
  return { key, max: null, used: 0, stopped: null };
}

/** A limit after a change. */
export function changedLimit(
  { key, max, used, stopped }: SharedLimit,
  change: LimitChange,
  now: number,
): SharedLimit {
  switch (change.kind) {
    case "set":
      if (!Number.isSafeInteger(change.max) || change.max < 0) {
        throw new RangeError(`a maximum is a whole number from 0 on, not ${change.max}`);
      }
      return { key, max: change.max, used, stopped };
    case "clear":
      return { key, max: null, used, stopped };
    case "stop":
      return { key, max, used, stopped: { at: now, reason: change.reason } };
    case "start":
      return { key, max, used, stopped: null };
  }
}

/** Whether it keeps anybody from anything, now or later. */
export function isInForce({ max, stopped }: SharedLimit): boolean {
  return max !== null || stopped !== null;
}
