import type { Fault } from "./graph/fault.ts";
import type { Json, JsonObject, JsonSchema } from "./json.ts";

/** What an expression can see of a step. */
export interface StepView {
  readonly status: string;
  readonly output: Json;
  readonly error: Json;
}

/** What an expression can see. Steps are looked up one by one, so a scope costs nothing to make. */
export interface Scope {
  readonly inputs: JsonObject;
  readonly plan: JsonObject;
  step(key: string): StepView | undefined;
  /** The item and its position, in a child of `forEach`. */
  readonly item?: Json;
  readonly index?: number;
  /** The value that is checked, in a check. */
  readonly output?: Json;
}

/** What an expression came to: a value, or what is wrong with it (never an exception). */
export type Evaluated =
  | { readonly ok: true; readonly value: Json }
  | { readonly ok: false; readonly message: string };

/**
 * What the core needs from outside and cannot have itself. Each is a pure function: the same
 * arguments give the same answer, here and on any other machine.
 */
export interface Pure {
  /** Evaluates one bare CEL expression. */
  evaluate(expression: string, scope: Scope): Evaluated;
  /** Fills in every `${{ … }}` of a value; a string that is one `${{ }}` keeps the type of its value. */
  resolve(template: Json, scope: Scope): Evaluated;
  /** Judges a value by a JSON Schema; `schemas` are those that the plan names. Pointers are into the value. */
  validate(
    schema: JsonSchema,
    value: Json,
    schemas?: Readonly<Record<string, JsonSchema>>,
  ): readonly Fault[];
  /** SHA-256 as 64 lower-case hex digits. */
  digest(text: string): string;
}
