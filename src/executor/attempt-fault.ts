import type { StepError } from "../core/step/outcome.ts";
import { abortError } from "./abort-error.ts";

/** The world does not allow an attempt to go on; carries what the attempt fails with. */
export class AttemptFault extends Error {
  static readonly #brand = Symbol.for("planwright.attempt-fault");
  readonly error: StepError;

  constructor(error: StepError, options: { cause?: unknown } = {}) {
    super(error.message, options);
    this.name = "AttemptFault";
    this.error = error;
    Object.defineProperty(this, AttemptFault.#brand, { value: true });
  }

  /** Works across copies of the package. */
  static is(value: unknown): value is AttemptFault {
    return (
      typeof value === "object" &&
      value !== null &&
      Reflect.get(value, AttemptFault.#brand) === true
    );
  }
}

/** Says of what went wrong that nothing had been begun by then: whatever the effect, it did not happen. */
export function notBegun(error: unknown, signal: AbortSignal): AttemptFault {
  if (AttemptFault.is(error)) return error;
  if (signal.aborted) return new AttemptFault(abortError(signal, false), { cause: error });
  const why = error instanceof Error ? error.message : String(error);
  const message = `nothing was begun: ${why}`;
  return new AttemptFault({ code: "not-begun", message, retryable: true }, { cause: error });
}
