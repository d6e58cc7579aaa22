import { isGivenBack, type LimitKey } from "./limit-key.ts";

/** A limit as it stands now, with what is taken of it. */
export interface SharedLimit {
  readonly key: LimitKey;
  /** Null: as many as one likes. */
  readonly max: number | null;
  readonly used: number;
  /** A tenant that is stopped starts nothing, whatever the maximum says. */
  readonly stopped: Stopped | null;
}

/** Since when a tenant is stopped, and why. */
export interface Stopped {
  readonly at: number;
  readonly reason: string | null;
}

/** What is left of a limit; Infinity where it limits nothing. */
export function roomIn(limit: SharedLimit | undefined): number {
  if (limit === undefined) return Infinity;
  if (limit.stopped !== null) return 0;
  return limit.max === null ? Infinity : Math.max(0, limit.max - limit.used);
}

/** Whether nobody starts until somebody says so: nothing that is given back makes room. */
export function isClosed(limit: SharedLimit): boolean {
  if (limit.stopped !== null || limit.max === 0) return true;
  return !isGivenBack(limit.key) && roomIn(limit) === 0;
}
