import type { StepSpec } from "../graph/graph.ts";
import type { Json, JsonObject } from "../json.ts";
import { jsonBytes } from "../json-size.ts";
import type { Deciding } from "../plan/deciding.ts";
import type { Evaluated } from "../pure.ts";
import type { Plan } from "../plan/plan.ts";
import type { Pure } from "../pure.ts";
import { endInFailure } from "./fail-step.ts";
import { specOf, stepOf } from "./lookup.ts";
import { scopeOf } from "./scope.ts";

const NOTHING: JsonObject = {};

/** What a step is handed, as its text has it. */
export function writtenInput({ document }: StepSpec): JsonObject {
  return document.with ?? NOTHING;
}

/** What a step is carried out with: what was approved, else its text with its expressions filled in. */
export function inputOf(plan: Plan, pure: Pure, key: string): Evaluated {
  const { approval } = stepOf(plan, key);
  if (approval !== null) return { ok: true, value: approval.input };
  return filled(plan, pure, key, writtenInput(specOf(plan, key)));
}

/** A value of the text with its expressions filled in; a fault where it grows beyond the limit. */
function filled(plan: Plan, pure: Pure, key: string, template: Json): Evaluated {
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
