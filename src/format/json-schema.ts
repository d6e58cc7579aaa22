import { format, validate, type OutputUnit } from "@cfworker/json-schema";
import type { Fault } from "../core/graph/fault.ts";
import type { Json, JsonSchema } from "../core/json.ts";
import { describeMismatches } from "./schema/describe-mismatch.ts";
import { prepareSchema, type PreparedSchema } from "./schema/prepare-schema.ts";
import type { NamedSchemas } from "./schema/resolve-reference.ts";

/** Work that one validation may do, as looks at a schema. */
const WORK_MAX = 500_000;

/**
 * Judges a value by a JSON Schema (draft 2020-12). `#/schemas/NAME` refers to `schemas`, `#/…` into
 * the schema itself. Pointers are into the value. Never throws, and always ends.
 */
export function validateJson(
  schema: JsonSchema,
  value: Json,
  schemas: NamedSchemas = {},
): readonly Fault[] {
  if (schema === true) return [];
  let left = WORK_MAX;
  const charge = (cost: number): void => {
    left -= cost;
    if (left < 0) throw new WorkError();
  };
  try {
    const prepared = prepareSchema(schema, schemas, value, charge);
    return describeMismatches(value, judge(prepared, value));
  } catch (error) {
    return [left < 0 ? TOO_COSTLY : notAble(error)];
  }
}

class WorkError extends Error {}

const TOO_COSTLY: Fault = {
  code: "schema-too-costly",
  message: "the value cannot be judged within bounds: make the schema or the value smaller",
  pointer: "",
};

function notAble(error: unknown): Fault {
  const why = error instanceof Error ? error.message : "";
  const message =
    error instanceof RangeError && !/call stack|array length/i.test(why)
      ? `the schema cannot be used: ${why}`
      : "the value cannot be judged by this schema: is one of them nested without end?";
  return { code: "invalid-schema", message, pointer: "" };
}

function judge(prepared: PreparedSchema, value: Json): readonly OutputUnit[] {
  const { schema, judges } = prepared;
  for (const [name, judgeText] of judges) format[name] = judgeText;
  try {
    return validate(value, schema, "2020-12", undefined, false).errors;
  } finally {
    for (const name of judges.keys()) Reflect.deleteProperty(format, name);
  }
}
