import { findForbiddenKey } from "../forbidden-key.ts";
import type { Json } from "../json.ts";
import { jsonBytes } from "../json-size.ts";
import type { Refusal } from "../refusal.ts";
import type { Plan } from "./plan.ts";

/** Refuses a value that cannot stand in an event: it is too large, or has a key that must not be there. */
export function refuseUnfit(
  plan: Plan,
  value: Json,
  what: string,
  pointer: string,
): Extract<Refusal, { code: "invalid-input" }> | null {
  const key = findForbiddenKey(value);
  if (key !== null) {
    const message = `${what} has the key "${key}", which nothing that is stored may have`;
    return {
      code: "invalid-input",
      message,
      faults: [{ code: "forbidden-key", message, pointer }],
    };
  }
  const bytes = jsonBytes(value);
  const max = plan.limits.valueBytesMax;
  if (bytes <= max) return null;
  const message = `${what} is ${bytes} bytes, more than ${max}`;
  return { code: "invalid-input", message, faults: [{ code: "too-large", message, pointer }] };
}
