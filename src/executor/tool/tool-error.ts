import type { Json } from "../../core/json.ts";

export interface ToolErrorOptions {
  /** Stable and hyphenated; `tool-failed` if not said. */
  readonly code?: string;
  /** Whether trying again could help; it could, if not said. */
  readonly retryable?: boolean;
  /** Whether an effect may have happened all the same. */
  readonly ambiguous?: boolean;
  readonly details?: Json;
  readonly cause?: unknown;
}

/** What a tool throws to say how it failed; any other error counts as one that may go away. */
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
