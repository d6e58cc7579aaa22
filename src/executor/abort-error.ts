import type { StepError } from "../core/step/outcome.ts";

/**
 * Why an attempt that was cut short failed. What was under way may have had its effect all the
 * same, unless it is known that nothing had begun.
 */
export function abortError(signal: AbortSignal, begun = true): StepError {
  const reason: unknown = signal.reason;
  const timedOut = isTimeout(reason);
  const said = reason instanceof Error ? reason.message : "the attempt no longer counts";
  return {
    code: timedOut ? "timeout" : "cancelled",
    message: timedOut && !(reason instanceof Error) ? "the attempt took too long" : said,
    retryable: timedOut,
    ...(begun ? { ambiguous: true } : {}),
  };
}

/** A reason is a word, or an error that carries the word in its name, code or reason. */
function isTimeout(reason: unknown): boolean {
  if (typeof reason === "string") return reason === "timeout";
  if (typeof reason !== "object" || reason === null) return false;
  return ["name", "code", "reason"].some((field) => {
    const word: unknown = Reflect.get(reason, field);
    return word === "timeout" || word === "TimeoutError";
  });
}
