import type { PlanStatus } from "../core/plan/plan.ts";
import type { RefusalCode } from "../core/refusal.ts";
import type { Rest } from "../engine/stable.ts";
import type { StoreFaultCode } from "../store/store.ts";

/** What a script learns from how a command ended. */
export const EXIT = {
  done: 0,
  /** The run did not complete; `doctor` found something wrong. */
  notCompleted: 1,
  usage: 2,
  invalidPlan: 3,
  notFound: 4,
  personNeeded: 5,
  /** It cannot move by itself. */
  blocked: 6,
  storeUnavailable: 7,
  refused: 8,
  /** `--wait` ran out. */
  timeout: 124,
  /** As a shell tells the end by SIGINT, and by SIGTERM. */
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export const EXIT_OF_REFUSAL: Readonly<Record<RefusalCode, ExitCode>> = {
  "not-found": EXIT.notFound,
  "already-exists": EXIT.refused,
  "invalid-plan": EXIT.invalidPlan,
  "invalid-input": EXIT.usage,
  "not-allowed": EXIT.refused,
  "stale-attempt": EXIT.refused,
  "stale-digest": EXIT.refused,
  "command-reused": EXIT.refused,
  forbidden: EXIT.refused,
};

/** A plan that rests without having ended. */
export const EXIT_OF_REST: Readonly<Record<Exclude<Rest["kind"], "ended">, ExitCode>> = {
  "needs-person": EXIT.personNeeded,
  waiting: EXIT.blocked,
  blocked: EXIT.blocked,
  paused: EXIT.blocked,
};

export const EXIT_OF_STATUS: Readonly<Record<PlanStatus, ExitCode>> = {
  draft: EXIT.personNeeded,
  "pending-approval": EXIT.personNeeded,
  approved: EXIT.personNeeded,
  executing: EXIT.blocked,
  completed: EXIT.done,
  failed: EXIT.notCompleted,
  cancelled: EXIT.notCompleted,
  rejected: EXIT.notCompleted,
};

export const EXIT_OF_STORE_FAULT: Readonly<Record<StoreFaultCode, ExitCode>> = {
  owned: EXIT.storeUnavailable,
  unreachable: EXIT.storeUnavailable,
  full: EXIT.storeUnavailable,
  corrupt: EXIT.storeUnavailable,
  "too-new": EXIT.storeUnavailable,
  "unknown-event": EXIT.storeUnavailable,
  unsupported: EXIT.storeUnavailable,
  "read-only": EXIT.storeUnavailable,
  "bad-cursor": EXIT.usage,
  "too-large": EXIT.refused,
  closed: EXIT.storeUnavailable,
  failed: EXIT.storeUnavailable,
};
