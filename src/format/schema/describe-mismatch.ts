import type { OutputUnit } from "@cfworker/json-schema";
import { pointerOf, type Fault } from "../../core/graph/fault.ts";
import { isJsonObject, type Json } from "../../core/json.ts";
import { COMPARED_ITEMS_MAX } from "./prepare-schema.ts";

/** More than anybody mends at once. */
const FAULTS_MAX = 20;

/** Keywords that only say that something below them did not fit. */
const CARRIERS: ReadonlySet<string> = new Set([
  "$ref",
  "allOf",
  "if",
  "properties",
  "additionalProperties",
  "unevaluatedProperties",
  "dependentSchemas",
  "items",
  "prefixItems",
  "unevaluatedItems",
]);

/** Keywords that say it better than what is below them. */
const SUMMARIES: ReadonlySet<string> = new Set(["anyOf", "oneOf", "contains", "propertyNames"]);

/** What the library found, as faults in words, each once, with pointers into the value. */
export function describeMismatches(value: Json, units: readonly OutputUnit[]): readonly Fault[] {
  const summaries = units.filter((unit) => SUMMARIES.has(unit.keyword));
  const faults = new Map<string, Fault>();
  for (const [index, unit] of units.entries()) {
    if (faults.size >= FAULTS_MAX) break;
    if (CARRIERS.has(unit.keyword)) continue;
    // The library does not say where in the schema a `false` stands; what carries it comes before.
    const origin = unit.keyword === "false" ? (units[index - 1] ?? unit) : unit;
    if (summaries.some((summary) => unit !== summary && isBelow(origin, summary))) continue;
    const path = pathOf(unit.instanceLocation);
    const message = describe(unit, valueAt(value, path), path);
    const pointer = pointerOf(path);
    faults.set(`${pointer}\n${message}`, { code: "schema-mismatch", message, pointer });
  }
  return [...faults.values()];
}

function isBelow(unit: OutputUnit, summary: OutputUnit): boolean {
  return (
    unit.keywordLocation.startsWith(`${summary.keywordLocation}/`) &&
    unit.instanceLocation.startsWith(summary.instanceLocation)
  );
}

function describe(unit: OutputUnit, value: Json | undefined, path: readonly string[]): string {
  switch (unit.keyword) {
    case "false":
      return `${name(path)} is not allowed here`;
    case "type":
      return `must be ${quoted(unit.error).slice(1).map(typeName).join(" or ")}, not ${typeOf(value)}`;
    case "required":
      return `"${between(unit.error, 'property "', '".')}" is missing`;
    case "const":
    case "enum":
      return describeChoice(unit.error, value);
    case "anyOf":
      return "fits none of the allowed forms";
    case "oneOf":
      return unit.error.includes("(0 matches)")
        ? "fits none of the allowed forms"
        : "fits more than one of the forms, and may fit only one";
    case "not":
      return "fits what it must not";
    case "contains":
      return "holds no item of the kind it must hold";
    case "propertyNames":
      return `"${between(unit.error, 'name "', '" does not')}" is not allowed as a key`;
    case "uniqueItems":
      return "must not hold the same item twice";
    case "format":
      return describeFormat(unit.error);
    default:
      return plain(unit.error);
  }
}

function describeChoice(error: string, value: Json | undefined): string {
  if (Array.isArray(value) && value.length > COMPARED_ITEMS_MAX) {
    return "must not hold the same item twice";
  }
  const allowed = error.replace(/^Instance does not match (?:any of )?/, "").slice(0, -1);
  const known = allowed.startsWith("[") ? allowed.slice(1, -1) : allowed;
  return `must be ${known.includes(",") ? "one of " : ""}${clip(known)}`;
}

function describeFormat(error: string): string {
  const format = error.replace(/^String does not match format "/, "").slice(0, -2);
  const pattern = /^pattern (.*)$/s.exec(format)?.[1];
  if (pattern !== undefined) return `must match the pattern ${clip(pattern)}`;
  return `must have the format ${format.replace(/^format /, "")}`;
}

function plain(error: string): string {
  const text = error.replace(/\.$/, "").replace("Instance", "the value");
  return clip(text.charAt(0).toLowerCase() + text.slice(1));
}

/** What stands in double quotes in a message of the library. */
function quoted(error: string): readonly string[] {
  return [...error.matchAll(/"([^"]*)"/g)].map((match) => match[1] ?? "");
}

function between(error: string, start: string, end: string): string {
  return clip(error.slice(error.indexOf(start) + start.length, error.lastIndexOf(end)));
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  integer: "a whole number",
  boolean: "true or false",
  object: "a map",
  array: "a list",
  null: "null",
};

function typeName(type: string): string {
  return TYPE_WORDS[type] ?? type;
}

function typeOf(value: Json | undefined): string {
  if (Array.isArray(value)) return "a list";
  if (isJsonObject(value)) return "a map";
  return clip(JSON.stringify(value) ?? "nothing");
}

function name(path: readonly string[]): string {
  return path.length === 0 ? "the value" : JSON.stringify(path.at(-1));
}

function pathOf(location: string): readonly string[] {
  return location
    .split("/")
    .slice(1)
    .map((part) => decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~"));
}

function valueAt(root: Json, path: readonly string[]): Json | undefined {
  let value: Json | undefined = root;
  for (const part of path) {
    if (Array.isArray(value)) value = value[Number(part)];
    else if (isJsonObject(value)) value = value[part];
    else return undefined;
  }
  return value;
}

function clip(text: string): string {
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}
