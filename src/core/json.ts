/** What JSON can say. Everything that is stored, hashed or sent is made of it. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A JSON object; parsed ones are never merged by spread or assign (SEC-17). */
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

/** A JSON Schema (draft 2020-12) as data. */
export type JsonSchema = boolean | JsonObject;

/** Whether a JSON value is a list. */
export function isJsonList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** Whether a value is a JSON object (not null, not a list). */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
