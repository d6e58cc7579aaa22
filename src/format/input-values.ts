import { pointerOf, type Fault } from "../core/graph/fault.ts";
import { isJsonObject, type Json, type JsonObject } from "../core/json.ts";
import type { InputDocument, PlanDocument } from "../core/plan/document.ts";
import { validateJson } from "./json-schema.ts";
import type { NamedSchemas } from "./schema/resolve-reference.ts";
import { didYouMean } from "./suggest.ts";

/** The values that a plan is started with, or what is wrong with them. */
export interface FilledInputs {
  readonly inputs: JsonObject;
  readonly faults: readonly Fault[];
}

/**
 * Inputs as they come from a command line: text is taken for what the input declares
 * (`n=3` for a number, `list=[1,2]` for an array), and then all is judged as by `fillInputs`.
 */
export function readInputs(
  document: PlanDocument,
  given: Readonly<Record<string, Json>>,
): FilledInputs {
  const declared = document.inputs ?? {};
  const values = Object.entries(given).map(([name, value]): [string, Json] => {
    const input = Object.hasOwn(declared, name) ? declared[name] : undefined;
    return [name, typeof value === "string" && input !== undefined ? read(value, input) : value];
  });
  return fillInputs(document, Object.fromEntries(values));
}

/** Judges given values by what the plan declares and fills in the defaults; every fault at once. */
export function fillInputs(document: PlanDocument, values: JsonObject): FilledInputs {
  const declared = document.inputs ?? {};
  const schemas = document.schemas ?? {};
  const faults = Object.keys(values)
    .filter((name) => !Object.hasOwn(declared, name))
    .map((name) => unknownInput(name, Object.keys(declared)));
  const inputs = new Map<string, Json>();
  for (const [name, input] of Object.entries(declared)) {
    const given = Object.hasOwn(values, name) ? values[name] : undefined;
    const value = given ?? (given === null ? null : input.default);
    if (value === undefined) faults.push(missingInput(name, input));
    else faults.push(...inputFaults(input, value, schemas, ["inputs", name]));
    if (value !== undefined) inputs.set(name, value);
  }
  return { inputs: Object.fromEntries(inputs), faults };
}

/** What keeps a value from being one of this input. */
export function inputFaults(
  input: InputDocument,
  value: Json,
  schemas: NamedSchemas,
  path: readonly (string | number)[],
): readonly Fault[] {
  const pointer = pointerOf(path);
  const misfit = findMisfit(input, value);
  if (misfit !== null) return [{ code: "invalid-input", message: misfit, pointer }];
  return validateJson(input.schema ?? true, value, schemas).map((fault) => ({
    code: "invalid-input",
    message: fault.message,
    pointer: pointer + fault.pointer,
  }));
}

function findMisfit(input: InputDocument, value: Json): string | null {
  if (!isOfType(input.type, value)) return `must be ${TYPE_NAMES[input.type]}`;
  if (input.enum === undefined) return null;
  if (validateJson({ enum: input.enum }, value).length === 0) return null;
  return `must be one of ${input.enum.map((entry) => JSON.stringify(entry)).join(", ")}`;
}

const TYPE_NAMES: Readonly<Record<InputDocument["type"], string>> = {
  string: "text",
  number: "a number",
  integer: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a map",
  file: "a stored file: { artifact, name, sha256, size, mediaType }",
};

function isOfType(type: InputDocument["type"], value: Json): boolean {
  switch (type) {
    case "string":
    case "boolean":
    case "number":
      return typeof value === type;
    case "integer":
      return Number.isSafeInteger(value);
    case "array":
      return Array.isArray(value);
    case "object":
      return isJsonObject(value);
    case "file":
      return isJsonObject(value) && isFileReference(value);
  }
}

function isFileReference(value: JsonObject): boolean {
  const { artifact, name, sha256, size, mediaType } = value;
  return (
    typeof artifact === "string" &&
    typeof name === "string" &&
    typeof sha256 === "string" &&
    /^[0-9a-f]{64}$/.test(sha256) &&
    Number.isSafeInteger(size) &&
    typeof mediaType === "string"
  );
}

/** Text for what it stands for; what cannot be read stays text, and is judged as that. */
function read(text: string, input: InputDocument): Json {
  switch (input.type) {
    case "string":
    case "file":
      return text;
    case "number":
    case "integer":
      return /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/.test(text) ? Number(text) : text;
    case "boolean":
      return text === "true" || (text === "false" ? false : text);
    case "array":
    case "object":
      return parse(text);
  }
}

function parse(text: string): Json {
  try {
    const value: Json = JSON.parse(text);
    return value;
  } catch {
    return text;
  }
}

function unknownInput(name: string, known: readonly string[]): Fault {
  const list = known.length === 0 ? "; the plan has none" : `; there are ${known.join(", ")}`;
  const message = `there is no input "${name.slice(0, 64)}"${didYouMean(name, known) || list}`;
  return { code: "unknown-input", message, pointer: pointerOf(["inputs", name]) };
}

function missingInput(name: string, input: InputDocument): Fault {
  const what = input.description === undefined ? "" : ` (${input.description})`;
  const message = `the input "${name}" is missing: it must be ${TYPE_NAMES[input.type]}${what}`;
  return { code: "missing-input", message, pointer: pointerOf(["inputs", name]) };
}
