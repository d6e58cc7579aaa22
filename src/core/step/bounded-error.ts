import { jsonBytes } from "../json-size.ts";
import type { StepError } from "./outcome.ts";

const MESSAGE_MAX = 4096;
const DETAILS_BYTES_MAX = 16 * 1024;

/** An error as it may stand in an event: a message that is too long is cut, details that are too large are left out. */
export function boundedError(error: StepError): StepError {
  const { details, ...plain } = error;
  const message = cut(error.message);
  if (details === undefined || jsonBytes(details) > DETAILS_BYTES_MAX) return { ...plain, message };
  return { ...error, message };
}

/** Without half a character at the end. */
function cut(text: string): string {
  return text.length > MESSAGE_MAX ? `${text.slice(0, MESSAGE_MAX).toWellFormed()}…` : text;
}
