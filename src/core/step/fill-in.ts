import type { Json } from "../json.ts";
import { jsonBytes } from "../json-size.ts";
import type { Deciding } from "../plan/deciding.ts";
import type { Evaluated } from "../pure.ts";
import type { Plan } from "../plan/plan.ts";
import type { Pure } from "../pure.ts";
import { endInFailure } from "./fail-step.ts";
import { scopeOf } from "./scope.ts";

/** A value of the text with its expressions filled in; a fault where it grows beyond the limit. */
export function filled(plan: Plan, pure: Pure, key: string, template: Json): Evaluated {
  const result = pure.resolve(template, scopeOf(plan, key));
  if (!result.ok || result.value === template) return result;
  const bytes = jsonBytes(result.value);
  const limit = plan.limits.valueBytesMax;
  if (bytes <= limit) return result;
  const message = `with its expressions filled in it is ${bytes} bytes, more than ${limit}; hand over large values as artifacts`;
  return { ok: false, message };
}

/** A text with its expressions filled in; other values than text are shown as JSON. */
export function fillInText(deciding: Deciding, key: string, template: string): string | null {
  const filledIn = fillIn(deciding, key, template);
  if (filledIn === null) return null;
  return typeof filledIn.value === "string" ? filledIn.value : JSON.stringify(filledIn.value);
}

/** The same inside a decision: null where it is at fault, and then the step has failed. */
export function fillIn(
  deciding: Deciding,
  key: string,
  template: Json,
): { readonly value: Json } | null {
  const result = filled(deciding.plan, deciding.pure, key, template);
  if (result.ok) return result;
  endInFailure(deciding, key, { code: "expression", message: result.message, retryable: false });
  return null;
}
