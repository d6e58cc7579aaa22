import type { Json } from "../../core/json.ts";

export interface ToolErrorOptions {
  /** Stable and hyphenated; `tool-failed` if not said. */
  readonly code?: string;
  /** Whether trying again could help; it could, if not said. */
  readonly retryable?: boolean;
  /** Whether an effect may have happened all the same: of what happens `once` a person is asked then. */
  readonly ambiguous?: boolean;
  readonly details?: Json;
  readonly cause?: unknown;
}

/**
 * What a tool throws to say how it failed. Any other error counts as a failure that may go away, and
 * the call is made again, also where its effect is `once`; but for an `AbortError` or `TimeoutError`,
 * after which nobody knows whether it took effect.
 */
export class ToolError extends Error {
  static readonly #brand = Symbol.for("planwright.tool-error");
  readonly code: string;
  readonly retryable: boolean;
  readonly ambiguous: boolean;
  readonly details: Json | undefined;

  constructor(message: string, options: ToolErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.name = "ToolError";
    this.code = options.code ?? "tool-failed";
    this.retryable = options.retryable ?? true;
    this.ambiguous = options.ambiguous ?? false;
    this.details = options.details;
    Object.defineProperty(this, ToolError.#brand, { value: true });
  }

  /** Works across copies of the package. */
  static is(value: unknown): value is ToolError {
    return (
      typeof value === "object" && value !== null && Reflect.get(value, ToolError.#brand) === true
    );
  }
}
