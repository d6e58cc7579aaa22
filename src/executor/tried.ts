import type { ArtifactRef, Outcome, StepError } from "../core/step/outcome.ts";

/** A value, or why the attempt fails. */
export type Tried<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: StepError };

/** The attempt fails, and trying the same again would end alike: the plan has to change first. */
export function hopeless(code: string, message: string, pointer?: string): StepError {
  return pointer === undefined
    ? { code, message, retryable: false }
    : { code, message, retryable: false, pointer };
}

/**
 * The work was done, and what came of it could not be kept: not a success, and not to be done again
 * without asking where that could do harm.
 */
export function notKept(error: unknown): Outcome {
  const why = error instanceof Error ? error.message : String(error);
  const message = `the work was done, but what came of it could not be kept: ${why}`;
  return failedOutcome({ code: "not-kept", message, retryable: true, ambiguous: true });
}

/** A failed attempt, with what it leaves to be read. */
export function failedOutcome(error: StepError, artifacts: readonly ArtifactRef[] = []): Outcome {
  return artifacts.length === 0 ? { kind: "failed", error } : { kind: "failed", error, artifacts };
}
