import type { Feedback } from "../../core/plan/event.ts";
import type { Pure } from "../../core/pure.ts";
import type { Lease } from "../../core/step/lease.ts";
import { idempotencyKey } from "../idempotency-key.ts";

/** What a command may see of its worker's environment: nothing that could be a secret. */
const PASSED: ReadonlySet<string> = new Set([
  "PATH",
  "HOME",
  "USER",
  "LOGNAME",
  "SHELL",
  "LANG",
  "LANGUAGE",
  "TZ",
  "TMPDIR",
]);

type Variables = Readonly<Record<string, string>>;

/** The whole environment of a step's command: made from nothing, by name. */
export function commandEnvironment(options: {
  readonly worker: Readonly<Record<string, string | undefined>>;
  /** Names that the operator lets through besides. */
  readonly allowed: readonly string[];
  readonly step: Variables;
  readonly lease: Lease;
  readonly pure: Pick<Pure, "digest">;
}): Variables {
  const { worker, step, lease } = options;
  const allowed = new Set([...PASSED, ...options.allowed]);
  const passed = Object.entries(worker).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && (allowed.has(entry[0]) || entry[0].startsWith("LC_")),
  );
  return {
    PATH: DEFAULT_PATH,
    ...Object.fromEntries(passed),
    ...step,
    PLANWRIGHT_PLAN_ID: lease.planId,
    PLANWRIGHT_STEP_KEY: lease.stepKey,
    PLANWRIGHT_ATTEMPT: String(lease.attempt),
    PLANWRIGHT_IDEMPOTENCY_KEY: idempotencyKey(lease, options.pure),
    PLANWRIGHT_FEEDBACK: feedbackText(lease.feedback),
  };
}

/** A system takes no variable of 128 KiB. */
const FEEDBACK_CHARACTERS_MAX = 32 * 1024;

/** What failed in the last round, as JSON; the last entries give way where there is too much. */
function feedbackText(feedback: readonly Feedback[]): string {
  const text = JSON.stringify(feedback);
  return text.length <= FEEDBACK_CHARACTERS_MAX ? text : feedbackText(feedback.slice(0, -1));
}

/** Where a worker that has no PATH finds the system's programs. */
export const DEFAULT_PATH = "/usr/local/bin:/usr/bin:/bin";

/** Whether a shell can carry a variable of this name. */
export function isVariableName(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name);
}
