import type { Schema } from "@cfworker/json-schema";
import { isJsonObject, type Json, type JsonObject, type JsonSchema } from "../../core/json.ts";
import { canonicalJson } from "../../core/canonical-json.ts";
import { judgeOfFormat } from "./formats.ts";
import { KEYWORDS, type KeywordKind } from "./keywords.ts";
import { readPattern, type Judge } from "./patterns.ts";
import { resolveReference, type NamedSchemas } from "./resolve-reference.ts";

/** A schema as the library may see it, with the judges of what it may not see. */
export interface PreparedSchema {
  readonly schema: Schema | boolean;
  /** Judges of text by the name of the format that stands in their place. */
  readonly judges: ReadonlyMap<string, Judge>;
}

/** Counts the work of one validation. */
export type Charge = (cost: number) => void;

/** Lists longer than this are compared item with item by us: the library takes quadratic time. */
export const COMPARED_ITEMS_MAX = 100;
const STEPS_PER_CHARGE = 1024;

/**
 * Rewrites a schema for the library. A pattern becomes a format with a linear judge;
 * `patternProperties` become properties, for the keys that the value really has; long lists are
 * compared beforehand; references are resolved here, so no address is ever read. Every schema that
 * is looked at charges, so that references that multiply come to an end.
 */
export function prepareSchema(
  schema: JsonSchema,
  schemas: NamedSchemas,
  value: Json,
  charge: Charge,
): PreparedSchema {
  const preparation = new Preparation(schemas, value, charge);
  return { schema: preparation.prepareRoot(schema), judges: preparation.judges };
}

/** The schema whose own references are being followed. */
interface Base {
  readonly schema: JsonSchema;
  readonly id: string;
}

class Preparation {
  readonly judges = new Map<string, Judge>();
  readonly #schemas: NamedSchemas;
  readonly #value: Json;
  readonly #charge: Charge;
  readonly #definitions: Record<string, Schema | boolean> = {};
  readonly #names = new Map<string, string>();
  #facts: ValueFacts | null = null;

  constructor(schemas: NamedSchemas, value: Json, charge: Charge) {
    this.#schemas = schemas;
    this.#value = value;
    this.#charge = charge;
  }

  prepareRoot(schema: JsonSchema): Schema | boolean {
    const prepared = this.#prepare(schema, { schema, id: "" });
    if (typeof prepared === "boolean") return prepared;
    return this.#metered({ allOf: [prepared], $defs: this.#definitions });
  }

  #prepare(schema: Json | undefined, base: Base): Schema | boolean {
    if (!isJsonObject(schema)) return schema !== false;
    this.#charge(1);
    const prepared: Schema = {};
    const besides: Schema[] = [];
    for (const [keyword, value] of Object.entries(schema)) {
      const kind = Object.hasOwn(KEYWORDS, keyword) ? KEYWORDS[keyword] : undefined;
      if (kind === undefined || value === undefined) continue;
      this.#keyword(prepared, besides, keyword, kind, value, base);
    }
    if (isJsonObject(schema["patternProperties"])) {
      this.#patternProperties(prepared, schema["patternProperties"], base);
    }
    if (besides.length > 0) prepared.allOf = [...(prepared.allOf ?? []), ...besides];
    return this.#metered(prepared);
  }

  #keyword(
    prepared: Schema,
    besides: Schema[],
    keyword: string,
    kind: KeywordKind,
    value: Json,
    base: Base,
  ): void {
    switch (keyword) {
      case "$defs":
      case "definitions":
      case "patternProperties":
        return;
      case "$ref":
        prepared.$ref = this.#reference(textOf(value), base);
        return;
      case "pattern":
        besides.push({ format: this.#pattern(textOf(value)) });
        return;
      case "format":
        this.#format(prepared, textOf(value));
        return;
      case "uniqueItems":
        if (value === true) besides.push(this.#uniqueItems());
        return;
      default:
        prepared[keyword] = this.#copy(kind, value, base);
    }
  }

  #copy(kind: KeywordKind, value: Json, base: Base): unknown {
    switch (kind) {
      case "schema":
        return this.#prepare(value, base);
      case "schema-list":
        return Array.isArray(value) ? value.map((item: Json) => this.#prepare(item, base)) : [];
      case "schema-map":
        return this.#prepareMap(value, base);
      default:
        return value;
    }
  }

  #prepareMap(value: Json, base: Base): Record<string, Schema | boolean> {
    const members = isJsonObject(value) ? Object.entries(value) : [];
    return Object.fromEntries(members.map(([key, member]) => [key, this.#prepare(member, base)]));
  }

  #reference(reference: string, base: Base): string {
    const target = resolveReference(reference, base.schema, base.id, this.#schemas);
    if (target === null) throw new RangeError(`${reference} leads nowhere`);
    const known = this.#names.get(target.id);
    const name = known ?? `r${this.#names.size}`;
    if (known === undefined) {
      this.#names.set(target.id, name);
      const id = target.id.slice(0, target.id.indexOf("#"));
      this.#definitions[name] = this.#prepare(target.schema, { schema: target.base, id });
    }
    return `#/$defs/${name}`;
  }

  #pattern(source: string): string {
    const name = `pattern ${source}`;
    if (this.judges.has(name)) return name;
    const reading = readPattern(source);
    if (!reading.ok) throw new RangeError(reading.message);
    this.judges.set(name, (text) => {
      this.#charge((reading.size * text.length) / STEPS_PER_CHARGE);
      return reading.judge(text);
    });
    return name;
  }

  #format(prepared: Schema, format: string): void {
    const judge = judgeOfFormat(format);
    if (judge === null) return;
    prepared.format = format;
    if (judge === "library") return;
    prepared.format = `format ${format}`;
    this.judges.set(prepared.format, judge);
  }

  #patternProperties(prepared: Schema, patterns: JsonObject, base: Base): void {
    const properties = new Map(Object.entries(prepared.properties ?? {}));
    for (const [pattern, schema] of Object.entries(patterns)) {
      const judge = this.judges.get(this.#pattern(pattern));
      const member = this.#prepare(schema, base);
      for (const key of this.#valueFacts().keys) {
        if (judge?.(key) !== true) continue;
        const own = properties.get(key);
        properties.set(key, own === undefined ? member : this.#both(own, member));
      }
    }
    prepared.properties = Object.fromEntries(properties);
  }

  #both(left: Schema | boolean, right: Schema | boolean): Schema | boolean {
    if (left === true) return right;
    if (right === true) return left;
    return left !== false && right !== false && this.#metered({ allOf: [left, right] });
  }

  #uniqueItems(): Schema {
    return this.#metered({
      if: this.#metered({ type: "array", minItems: COMPARED_ITEMS_MAX + 1 }),
      // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
      then: this.#metered({ enum: [...this.#valueFacts().longLists] }),
      else: this.#metered({ uniqueItems: true }),
    });
  }

  #valueFacts(): ValueFacts {
    this.#facts ??= gatherFacts(this.#value, this.#charge);
    return this.#facts;
  }

  /** The library reads this keyword of every schema it looks at, and it has no other use here. */
  #metered(schema: Schema): Schema {
    const sizes = [schema.enum, schema.required, Object.keys(schema.properties ?? {})];
    const cost = sizes.reduce((sum, list) => sum + (list?.length ?? 0) / 64, 1);
    return Object.defineProperty(schema, "$recursiveAnchor", {
      enumerable: false,
      get: () => this.#charge(cost),
    });
  }
}

interface ValueFacts {
  readonly keys: ReadonlySet<string>;
  /** Long lists in which no item stands twice. */
  readonly longLists: readonly (readonly Json[])[];
}

function gatherFacts(value: Json, charge: Charge): ValueFacts {
  const keys = new Set<string>();
  const longLists: (readonly Json[])[] = [];
  const gather = (part: Json | undefined): void => {
    charge(1);
    if (isList(part)) {
      if (part.length > COMPARED_ITEMS_MAX && isUnique(part)) longLists.push(part);
      part.forEach(gather);
    } else if (isJsonObject(part)) {
      for (const [key, member] of Object.entries(part)) {
        keys.add(key);
        gather(member);
      }
    }
  };
  gather(value);
  return { keys, longLists };
}

/** A keyword of text that is none is a pattern, format or reference that nothing matches. */
function textOf(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function isUnique(list: readonly Json[]): boolean {
  return new Set(list.map(canonicalJson)).size === list.length;
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}
