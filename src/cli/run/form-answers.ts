import { isJsonObject, type Json, type JsonObject } from "../../core/json.ts";
import { visible } from "../screen/visible.ts";

/** One field of a form, as far as it says how it is to be asked for and read. */
export interface FormField {
  readonly name: string;
  readonly schema: JsonObject;
  readonly required: boolean;
}

/** The fields of a flat form in their order. */
export function formFields(form: JsonObject | null): readonly FormField[] {
  const properties = form?.["properties"];
  if (!isJsonObject(properties)) return [];
  const required = form?.["required"];
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    schema: isJsonObject(schema) ? schema : {},
    required: Array.isArray(required) && required.includes(name),
  }));
}

/** What a field is asked with: its name, what it may be, and what it is if nothing is typed. */
export function fieldQuestion({ name, schema, required }: FormField): string {
  const { title, type, default: fallback } = schema;
  const choices = schema["enum"];
  const kind = Array.isArray(choices)
    ? choices.map((one) => JSON.stringify(one)).join(" | ")
    : typeof type === "string"
      ? type
      : "JSON";
  const shown = typeof title === "string" ? `${name}: ${title}` : name;
  const without =
    fallback === undefined
      ? required
        ? ""
        : ", empty: none"
      : `, empty: ${JSON.stringify(fallback)}`;
  return `${visible(shown)} (${visible(kind + without)}): `;
}

/** What was typed for a field; undefined where nothing was and nothing stands for it. */
function readField({ schema }: FormField, typed: string): Json | undefined {
  if (typed === "") return schema["default"];
  const { type } = schema;
  if (type === "string" || (type === undefined && !isJson(typed))) return typed;
  return isJson(typed) ? parse(typed) : typed;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function parse(text: string): Json {
  const value: Json = JSON.parse(text);
  return value;
}

/** The answers to a form from what was typed for its fields; what nothing was typed for is left out. */
export function formValues(
  fields: readonly FormField[],
  typed: ReadonlyMap<string, string>,
): JsonObject {
  const values: [string, Json][] = [];
  for (const field of fields) {
    const value = readField(field, typed.get(field.name) ?? "");
    if (value !== undefined) values.push([field.name, value]);
  }
  return Object.fromEntries(values);
}
