import { isJsonObject, type Json, type JsonSchema } from "../../core/json.ts";

/** The schemas that a plan names. */
export type NamedSchemas = Readonly<Record<string, JsonSchema>>;

/** A schema that a `$ref` leads to, and the schema whose own `#/…` hold inside it. */
export interface ResolvedReference {
  readonly schema: JsonSchema;
  readonly base: JsonSchema;
  /** Names the target whatever schema it is seen from. */
  readonly id: string;
}

const NAMED = /^#\/schemas\/([^/]+)(\/.*)?$/;

/**
 * Follows a `$ref`: `#/schemas/NAME` is a schema that the plan names, `#` and `#/…` lead into the
 * schema they stand in. Null where it leads nowhere; nothing is ever fetched.
 */
export function resolveReference(
  reference: string,
  base: JsonSchema,
  baseId: string,
  schemas: NamedSchemas,
): ResolvedReference | null {
  const named = NAMED.exec(reference);
  if (named === null) return inside(base, baseId, reference);
  const name = decode(named[1] ?? "");
  const schema = Object.hasOwn(schemas, name) ? schemas[name] : undefined;
  if (schema === undefined) return null;
  return inside(schema, `schemas/${name}`, `#${named[2] ?? ""}`);
}

function inside(base: JsonSchema, baseId: string, reference: string): ResolvedReference | null {
  if (reference !== "#" && !reference.startsWith("#/")) return null;
  let value: Json | undefined = base;
  for (const part of reference.split("/").slice(1).map(decode)) {
    if (Array.isArray(value)) value = value[Number(part)];
    else if (isJsonObject(value) && Object.hasOwn(value, part)) value = value[part];
    else return null;
  }
  if (typeof value !== "boolean" && !isJsonObject(value)) return null;
  return { schema: value, base, id: `${baseId}${reference}` };
}

function decode(part: string): string {
  const plain = part.replaceAll("~1", "/").replaceAll("~0", "~");
  return /%(?![0-9a-fA-F]{2})/.test(plain) ? plain : decodeText(plain);
}

function decodeText(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
