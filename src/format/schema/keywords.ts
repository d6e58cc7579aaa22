/** What the value of a keyword of JSON Schema is. */
export type KeywordKind =
  | "schema"
  | "schema-list"
  | "schema-map"
  | "pattern"
  | "pattern-map"
  | "reference"
  | "types"
  | "text"
  | "text-list"
  | "text-list-map"
  | "count"
  | "number"
  | "positive"
  | "boolean"
  | "list"
  | "any";

/** The keywords of draft 2020-12 that say what fits; any other key of a schema says nothing. */
export const KEYWORDS: Readonly<Record<string, KeywordKind>> = {
  $ref: "reference",
  $defs: "schema-map",
  definitions: "schema-map",
  type: "types",
  const: "any",
  enum: "list",
  not: "schema",
  if: "schema",
  // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
  then: "schema",
  else: "schema",
  allOf: "schema-list",
  anyOf: "schema-list",
  oneOf: "schema-list",
  properties: "schema-map",
  patternProperties: "pattern-map",
  additionalProperties: "schema",
  unevaluatedProperties: "schema",
  propertyNames: "schema",
  required: "text-list",
  dependentRequired: "text-list-map",
  dependentSchemas: "schema-map",
  minProperties: "count",
  maxProperties: "count",
  prefixItems: "schema-list",
  items: "schema",
  unevaluatedItems: "schema",
  contains: "schema",
  minContains: "count",
  maxContains: "count",
  minItems: "count",
  maxItems: "count",
  uniqueItems: "boolean",
  minimum: "number",
  maximum: "number",
  exclusiveMinimum: "number",
  exclusiveMaximum: "number",
  multipleOf: "positive",
  minLength: "count",
  maxLength: "count",
  pattern: "pattern",
  format: "text",
};

/** Keywords that would send the validator elsewhere, with what to do instead. */
export const REFUSED_KEYWORDS: Readonly<Record<string, string>> = {
  $dynamicRef: "use $ref",
  $recursiveRef: "use $ref",
};

export const TYPE_NAMES: readonly string[] = [
  "string",
  "number",
  "integer",
  "boolean",
  "object",
  "array",
  "null",
];
