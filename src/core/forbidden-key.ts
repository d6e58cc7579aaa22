import type { Json } from "./json.ts";

/** Keys by which parsed data could reach into the program (SEC-17); refused wherever data comes in. */
export const FORBIDDEN_KEYS: ReadonlySet<string> = new Set([
  "__proto__",
  "constructor",
  "prototype",
]);

/** In JSON without white space a key alone stands between a brace or comma and a colon: quotes in text are escaped. */
const IN_JSON = /[{,]"(__proto__|constructor|prototype)":/;

/** The first key in a value, at any depth, that must not be there; null where there is none. */
export function findForbiddenKey(value: Json): string | null {
  return IN_JSON.exec(JSON.stringify(value))?.[1] ?? null;
}
