import { pointerOf } from "../core/graph/fault.ts";
import { isJsonObject, type Json, type JsonObject } from "../core/json.ts";
import type { Evaluated, Scope } from "../core/pure.ts";
import { byteLength, VALUE_BYTES_MAX } from "./cel/to-json.ts";
import { evaluateExpression } from "./expression.ts";
import { splitTemplate, type TemplatePart } from "./split-template.ts";

/** An expression that stands in a template, with the place of its string. */
export interface TemplateExpression {
  /** RFC 6901, from the template's root. */
  readonly pointer: string;
  readonly source: string;
}

/** A `${{` that is never closed, with the place of its string. */
export interface TemplateFault {
  readonly pointer: string;
  readonly message: string;
}

/** Whether a value holds `${{` anywhere, escaped or not: then it must be resolved. */
export function hasTemplate(value: Json | undefined): boolean {
  if (typeof value === "string") return value.includes("${{");
  if (value === null || typeof value !== "object") return false;
  return Object.values(value).some(hasTemplate);
}

/** Every expression of a template, and every one that does not end. */
export function templateExpressions(template: Json): {
  readonly expressions: readonly TemplateExpression[];
  readonly faults: readonly TemplateFault[];
} {
  const expressions: TemplateExpression[] = [];
  const faults: TemplateFault[] = [];
  for (const { path, text } of stringsOf(template, [])) {
    const split = splitTemplate(text);
    const pointer = pointerOf(path);
    if (!split.ok) faults.push({ pointer, message: split.message });
    else expressions.push(...sourcesOf(split.parts).map((source) => ({ pointer, source })));
  }
  return { expressions, faults };
}

/**
 * Fills in every `${{ … }}` of a value. A string that is one `${{ }}` and nothing else keeps the
 * type of its value; elsewhere text goes in as it is and all else as JSON. `$${{` is a plain `${{`.
 */
export function resolveTemplate(template: Json, scope: Scope): Evaluated {
  if (!hasTemplate(template)) return { ok: true, value: template };
  const resolution = new Resolution(scope);
  const value = resolution.resolve(template, []);
  return resolution.fault === null ? { ok: true, value } : { ok: false, message: resolution.fault };
}

class Resolution {
  fault: string | null = null;
  readonly #scope: Scope;
  #bytesLeft = VALUE_BYTES_MAX;

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  resolve(template: Json, path: readonly (string | number)[]): Json {
    if (this.fault !== null) return null;
    if (typeof template === "string") return this.#text(template, path);
    if (isList(template))
      return template.map((item, index) => this.resolve(item, [...path, index]));
    return isJsonObject(template) ? this.#members(template, path) : template;
  }

  #members(template: JsonObject, path: readonly (string | number)[]): JsonObject {
    const members = Object.entries(template).map(([key, value]): [string, Json | undefined] => [
      key,
      value === undefined ? undefined : this.resolve(value, [...path, key]),
    ]);
    return Object.fromEntries(members);
  }

  #text(text: string, path: readonly (string | number)[]): Json {
    if (!text.includes("${{")) return text;
    const split = splitTemplate(text);
    if (!split.ok) return this.#fail(path, split.message);
    const [first] = split.parts;
    if (first?.kind === "expression" && split.parts.length === 1) {
      return this.#evaluate(first.source, path);
    }
    return split.parts.map((part) => this.#part(part, path)).join("");
  }

  #part(part: TemplatePart, path: readonly (string | number)[]): string {
    if (part.kind === "text") return part.text;
    const value = this.#evaluate(part.source, path);
    return typeof value === "string" ? value : JSON.stringify(value);
  }

  #evaluate(source: string, path: readonly (string | number)[]): Json {
    if (this.fault !== null) return null;
    const result = evaluateExpression(source, this.#scope);
    if (!result.ok) return this.#fail(path, result.message);
    this.#bytesLeft -= byteLength(JSON.stringify(result.value));
    if (this.#bytesLeft >= 0) return result.value;
    return this.#fail(path, `what is filled in comes to more than ${VALUE_BYTES_MAX} bytes`);
  }

  #fail(path: readonly (string | number)[], message: string): null {
    const pointer = pointerOf(path);
    this.fault ??= pointer === "" ? message : `${pointer}: ${message}`;
    return null;
  }
}

interface TemplateString {
  readonly path: readonly (string | number)[];
  readonly text: string;
}

function* stringsOf(
  value: Json | undefined,
  path: readonly (string | number)[],
): Generator<TemplateString> {
  if (typeof value === "string") {
    if (value.includes("${{")) yield { path, text: value };
  } else if (isList(value)) {
    for (const [index, item] of value.entries()) yield* stringsOf(item, [...path, index]);
  } else if (isJsonObject(value)) {
    for (const [key, member] of Object.entries(value)) yield* stringsOf(member, [...path, key]);
  }
}

function sourcesOf(parts: readonly TemplatePart[]): readonly string[] {
  return parts.flatMap((part) => (part.kind === "expression" ? [part.source] : []));
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}
