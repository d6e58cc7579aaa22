import type { Json } from "../json.ts";
import { jsonBytes } from "../json-size.ts";
import type { Refusal } from "../refusal.ts";
import type { Plan } from "./plan.ts";

/** Refuses a value that is too large to stand in an event; events are kept for ever. */
export function refuseLarge(
  plan: Plan,
  value: Json,
  what: string,
  pointer: string,
): Extract<Refusal, { code: "invalid-input" }> | null {
  const bytes = jsonBytes(value);
  const max = plan.limits.valueBytesMax;
  if (bytes <= max) return null;
  const message = `${what} is ${bytes} bytes, more than ${max}`;
  return { code: "invalid-input", message, faults: [{ code: "too-large", message, pointer }] };
}
