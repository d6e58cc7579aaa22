import type { StepError } from "../core/step/outcome.ts";

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
