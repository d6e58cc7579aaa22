/**
 * Who did something. `verified` is false where nobody checked the name, as on an embedded store
 * (`--as NAME`).
 */
export interface Actor {
  readonly kind: "person" | "agent" | "worker" | "policy" | "plan" | "system";
  readonly id: string;
  readonly verified?: boolean;
}

/** Planwright itself: timers, recovery, what follows by itself. */
export const SYSTEM: Actor = { kind: "system", id: "planwright" };
