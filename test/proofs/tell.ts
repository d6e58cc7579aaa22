import { canonicalJson } from "../../src/core/canonical-json.ts";
import type { Json } from "../../src/core/json.ts";

/** Any data as canonical JSON. */
export function tell(value: unknown): string {
  const json: Json = JSON.parse(JSON.stringify(value));
  return canonicalJson(json);
}
