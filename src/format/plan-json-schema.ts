import * as z from "zod";
import { isJsonObject, type Json, type JsonObject } from "../core/json.ts";
import { planSchema } from "./plan-schema.ts";

/** Where the published schema of a plan file is found; it never changes its meaning. */
export const PLAN_SCHEMA_ID = "https://planwright.dev/schema/plan-1.json";

/** The JSON Schema (draft 2020-12) of a plan file, for editors and for other tools. */
export function planJsonSchema(): JsonObject {
  const schema = z.toJSONSchema(planSchema, { target: "draft-2020-12", unrepresentable: "any" });
  const json: Json = JSON.parse(JSON.stringify(schema));
  const { $schema = null, properties, ...fields } = objectOf(json);
  return {
    $schema,
    $id: PLAN_SCHEMA_ID,
    title: "Planwright plan",
    description: "Steps that depend on each other, approved as they stand and carried out durably.",
    ...Object.fromEntries(
      Object.entries(fields).map(([key, value]) => [key, inFile(value ?? null)]),
    ),
    properties: {
      $schema: { type: "string", description: "Where editors find this schema." },
      ...objectOf(inFile(properties ?? null)),
    },
  };
}

/** In a file a sub-plan may also be the path of another file. */
function inFile(value: Json): Json {
  if (isList(value)) return value.map(inFile);
  if (!isJsonObject(value)) return value;
  const { $ref, ...others } = value;
  if ($ref === "#") return { ...others, anyOf: [{ $ref }, { type: "string", minLength: 1 }] };
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, inFile(member ?? null)]),
  );
}

function objectOf(value: Json): JsonObject {
  return isJsonObject(value) ? value : {};
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
