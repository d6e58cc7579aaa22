import * as z from "zod";
import { pointerOf, type Fault } from "../../core/graph/fault.ts";
import { isJsonObject } from "../../core/json.ts";
import { didYouMean } from "../suggest.ts";

/** A fault of shape; `at: "key"` says that it is the key, not its value, that is wrong. */
export interface ShapeFault extends Fault {
  readonly at?: "key";
  readonly path: readonly string[];
}

type Issue = z.core.$ZodIssue;
type RawIssue = z.core.$ZodRawIssue;

/** Puts the known fields into the issue about an unknown one, for `describeIssue` to read. */
export function nameKnownFields(issue: RawIssue): string | undefined {
  if (issue.code !== "unrecognized_keys" || !(issue.inst instanceof z.ZodObject)) return undefined;
  return Object.keys(issue.inst.shape).join(", ");
}

/** What an issue of the schema says to the one who wrote the value. */
export function describeIssue(root: unknown, issue: Issue): readonly ShapeFault[] {
  return describe(root, issue, []);
}

function describe(root: unknown, issue: Issue, above: readonly string[]): readonly ShapeFault[] {
  const path = [...above, ...issue.path.map(String)];
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => unknownField(path, key, issue.message.split(", ")));
    case "invalid_union":
      return describeUnion(root, issue, path);
    case "invalid_key":
      return [
        fault(
          "invalid-key",
          path,
          `"${clip(path.at(-1))}" ${issue.issues[0]?.message ?? ""}`,
          "key",
        ),
      ];
    default:
      return [describeValue(valueAt(root, path), issue, path)];
  }
}

function unknownField(path: readonly string[], key: string, known: readonly string[]): ShapeFault {
  const hint = didYouMean(key, known) || `; known are ${known.join(", ")}`;
  return fault("unknown-field", [...path, key], `"${clip(key)}" is no field here${hint}`, "key");
}

/** Of the forms that were possible, the one that lacks least was meant. */
function describeUnion(
  root: unknown,
  issue: z.core.$ZodIssueInvalidUnion,
  path: readonly string[],
): readonly ShapeFault[] {
  const value = valueAt(root, path);
  if (value === undefined) return [missing(path, issue.message)];
  const forms = issue.errors.filter((issues) => !issues.some(isOfWhole));
  const best = forms.toSorted((left, right) => weight(value, left) - weight(value, right))[0];
  if (best === undefined) {
    return [fault("wrong-type", path, `${issue.message}, not ${nameOf(value)}`)];
  }
  const strangers = unknownToAll(forms);
  const known = forms.flatMap((issues) => issues.flatMap(knownFields));
  if (best.some((inner) => lacks(value, inner)) || mixesForms(best, strangers)) {
    return [
      ...[...strangers].map((key) => unknownField(path, key, [...new Set(known)])),
      fault("wrong-type", path, issue.message),
    ];
  }
  return best.flatMap((inner) => describe(root, inner, path));
}

/** Whether an issue is about the outermost value: then this form was not meant at all. */
function isOfWhole(issue: Issue): boolean {
  return issue.path.length === 0 && issue.code !== "unrecognized_keys";
}

function weight(value: unknown, issues: readonly Issue[]): number {
  return issues.filter((issue) => lacks(value, issue)).length * 100 + issues.length;
}

function lacks(value: unknown, issue: Issue): boolean {
  return issue.path.length === 1 && valueAt(value, issue.path.map(String)) === undefined;
}

/** Whether fields of two forms stand side by side. */
function mixesForms(best: readonly Issue[], strangers: ReadonlySet<string>): boolean {
  return best.some(
    (issue) => issue.code === "unrecognized_keys" && issue.keys.some((key) => !strangers.has(key)),
  );
}

function unknownToAll(forms: readonly (readonly Issue[])[]): ReadonlySet<string> {
  const unknown = forms.map((issues) => new Set(issues.flatMap(unknownKeys)));
  return unknown.reduce((left, right) => left.intersection(right));
}

function unknownKeys(issue: Issue): readonly string[] {
  return issue.code === "unrecognized_keys" ? issue.keys : [];
}

function knownFields(issue: Issue): readonly string[] {
  return issue.code === "unrecognized_keys" ? issue.message.split(", ") : [];
}

function describeValue(value: unknown, issue: Issue, path: readonly string[]): ShapeFault {
  switch (issue.code) {
    case "invalid_type":
      if (value === undefined) return missing(path, `must be ${article(issue.expected)}`);
      return fault("wrong-type", path, `must be ${article(issue.expected)}, not ${nameOf(value)}`);
    case "invalid_value": {
      const known = issue.values.map(String);
      if (value === undefined) return missing(path, `must be one of ${known.join(", ")}`);
      const hint = typeof value === "string" ? didYouMean(value, known) : "";
      const message = `must be one of ${known.join(", ")}, not ${nameOf(value)}${hint}`;
      return fault("unknown-value", path, message);
    }
    case "too_small":
      return fault("out-of-range", path, bound("at least", issue.minimum, issue.origin));
    case "too_big":
      return fault("out-of-range", path, bound("at most", issue.maximum, issue.origin));
    case "invalid_format":
      return fault("wrong-format", path, `${issue.message}, not ${nameOf(value)}`);
    default: {
      if (value === undefined) return missing(path, issue.message);
      const code = typeof value === "string" ? "wrong-format" : "wrong-type";
      return fault(code, path, `${issue.message}, not ${nameOf(value)}`);
    }
  }
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: "text",
  int: "a whole number",
  number: "a number",
  boolean: "true or false",
  array: "a list",
  object: "a map",
  record: "a map",
};

function article(type: string): string {
  return TYPE_NAMES[type] ?? type;
}

function bound(words: string, limit: number | bigint, origin: string): string {
  if (origin === "string")
    return limit === 1 ? "must not be empty" : `must have ${words} ${limit} characters`;
  if (origin === "array")
    return limit === 1 ? "must not be empty" : `must have ${words} ${limit} items`;
  return `must be ${words} ${limit}`;
}

function missing(path: readonly string[], what: string): ShapeFault {
  return fault("missing-field", path, `"${clip(path.at(-1))}" is missing: it ${what}`);
}

function nameOf(value: unknown): string {
  if (value === null) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (isJsonObject(value)) return "a map";
  if (typeof value === "string") return JSON.stringify(clip(value));
  return typeof value === "number" || typeof value === "boolean" ? String(value) : typeof value;
}

function valueAt(root: unknown, path: readonly string[]): unknown {
  let value: unknown = root;
  for (const part of path) {
    if (Array.isArray(value)) value = value[Number(part)];
    else if (isJsonObject(value) && Object.hasOwn(value, part)) value = value[part];
    else return undefined;
  }
  return value;
}

function fault(code: string, path: readonly string[], message: string, at?: "key"): ShapeFault {
  const place = { code, message, pointer: pointerOf(path), path };
  return at === undefined ? place : { ...place, at };
}

function clip(text: string | undefined): string {
  const whole = text ?? "";
  return whole.length > 40 ? `${whole.slice(0, 37)}…` : whole;
}
