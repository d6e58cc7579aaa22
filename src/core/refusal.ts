import type { Fault } from "./graph/fault.ts";

/** A lawful no to a command: part of the interface, mapped once at each door. */
export type Refusal =
  | { readonly code: "not-found"; readonly message: string }
  | { readonly code: "already-exists"; readonly message: string }
  /** The text does not pass the check; nothing was stored. */
  | { readonly code: "invalid-plan"; readonly message: string; readonly faults: readonly Fault[] }
  /** Values that were handed in do not fit what is asked for. */
  | { readonly code: "invalid-input"; readonly message: string; readonly faults: readonly Fault[] }
  /** The plan's or step's state does not allow it; `allowed` names what is. */
  | { readonly code: "not-allowed"; readonly message: string; readonly allowed: readonly string[] }
  /** The attempt is no longer the one that counts. */
  | { readonly code: "stale-attempt"; readonly message: string; readonly current: number }
  /** What was looked at is not what stands there now. */
  | { readonly code: "stale-digest"; readonly message: string; readonly current: string }
  /** The same command id came with another command. */
  | { readonly code: "command-reused"; readonly message: string }
  /** The actor may not do this. */
  | { readonly code: "forbidden"; readonly message: string };

export type RefusalCode = Refusal["code"];
