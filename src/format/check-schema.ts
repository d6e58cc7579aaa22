import { pointerOf, type Fault } from "../core/graph/fault.ts";
import { isJsonObject, type Json, type JsonObject, type JsonSchema } from "../core/json.ts";
import { byteLength } from "./cel/to-json.ts";
import { KEYWORDS, REFUSED_KEYWORDS, TYPE_NAMES, type KeywordKind } from "./schema/keywords.ts";
import { readPattern } from "./schema/patterns.ts";
import {
  resolveReference,
  type NamedSchemas,
  type ResolvedReference,
} from "./schema/resolve-reference.ts";
import { didYouMean } from "./suggest.ts";

/** How deep a schema may be nested, and how long it may be as JSON, in bytes. */
const DEPTH_MAX = 32;
const BYTES_MAX = 64 * 1024;
const FAULTS_MAX = 20;

/**
 * Whether a schema is one that values can be judged by: every keyword is of its type, patterns are
 * linear, references lead somewhere. Pointers are into the schema.
 */
export function checkSchema(schema: JsonSchema, schemas: NamedSchemas = {}): readonly Fault[] {
  if (byteLength(JSON.stringify(schema)) > BYTES_MAX) {
    const message = `a schema may have ${BYTES_MAX} bytes as JSON: name its parts in schemas`;
    return [{ code: "invalid-schema", message, pointer: "" }];
  }
  const check = new SchemaCheck(schema, schemas);
  check.schema(schema, []);
  return check.faults.slice(0, FAULTS_MAX);
}

type Path = readonly (string | number)[];

class SchemaCheck {
  readonly faults: Fault[] = [];
  readonly #root: JsonSchema;
  readonly #schemas: NamedSchemas;
  #depth = 0;

  constructor(root: JsonSchema, schemas: NamedSchemas) {
    this.#root = root;
    this.#schemas = schemas;
  }

  schema(value: Json | undefined, path: Path): void {
    if (typeof value === "boolean") return;
    if (!isJsonObject(value)) {
      this.#fault(path, "must be a schema: a map, true or false");
    } else if (this.#depth === DEPTH_MAX) {
      this.#fault(path, `a schema may be nested ${DEPTH_MAX} deep: name its parts in schemas`);
    } else {
      this.#depth += 1;
      this.#keywords(value, path);
      this.#depth -= 1;
    }
  }

  #keywords(schema: JsonObject, path: Path): void {
    for (const [keyword, value] of Object.entries(schema)) {
      const instead = Object.hasOwn(REFUSED_KEYWORDS, keyword) ? REFUSED_KEYWORDS[keyword] : null;
      if (instead !== null) {
        this.#fault([...path, keyword], `${keyword} is not available: ${instead}`);
        continue;
      }
      const kind = Object.hasOwn(KEYWORDS, keyword) ? KEYWORDS[keyword] : undefined;
      if (kind !== undefined) this.#value(kind, value, [...path, keyword]);
    }
  }

  #value(kind: KeywordKind, value: Json | undefined, path: Path): void {
    switch (kind) {
      case "schema":
        return this.schema(value, path);
      case "schema-list":
        return this.#each(value, path, (item, below) => this.schema(item, below));
      case "schema-map":
        return this.#members(value, path, (member, below) => this.schema(member, below));
      case "pattern-map":
        return this.#members(value, path, (member, below, key) => {
          this.#pattern(key, below);
          this.schema(member, below);
        });
      case "text-list-map":
        return this.#members(value, path, (member, below) =>
          this.#value("text-list", member, below),
        );
      case "text-list":
        return this.#each(value, path, (item, below) => this.#value("text", item, below), false);
      case "pattern":
        return this.#pattern(value, path);
      case "reference":
        return this.#reference(value, path);
      case "types":
        return this.#types(value, path);
      default:
        if (!isOfKind(kind, value)) this.#fault(path, `must be ${KIND_NAMES[kind]}`);
    }
  }

  #each(
    value: Json | undefined,
    path: Path,
    judge: (item: Json, path: Path) => void,
    isFilled = true,
  ): void {
    if (!Array.isArray(value) || (isFilled && value.length === 0)) {
      this.#fault(path, isFilled ? "must be a list, and not empty" : "must be a list");
      return;
    }
    for (const [index, item] of value.entries()) judge(item, [...path, index]);
  }

  #members(
    value: Json | undefined,
    path: Path,
    judge: (member: Json | undefined, path: Path, key: string) => void,
  ): void {
    if (!isJsonObject(value)) {
      this.#fault(path, "must be a map");
      return;
    }
    for (const [key, member] of Object.entries(value)) judge(member, [...path, key], key);
  }

  #pattern(value: Json | undefined, path: Path): void {
    if (typeof value !== "string") {
      this.#fault(path, "must be a pattern in quotes");
      return;
    }
    const reading = readPattern(value);
    if (!reading.ok) this.#fault(path, reading.message, "invalid-pattern");
  }

  #reference(value: Json | undefined, path: Path): void {
    if (typeof value !== "string") {
      this.#fault(path, "must be text such as #/schemas/NAME");
      return;
    }
    const target = resolveReference(value, this.#root, "", this.#schemas);
    if (target !== null) {
      if (this.#goesRound(target))
        this.#fault(path, `${value} leads back to itself and nowhere else`);
      return;
    }
    const name = /^#\/schemas\/([^/]+)/.exec(value)?.[1];
    const hint = name === undefined ? "" : didYouMean(name, Object.keys(this.#schemas));
    const message = `${JSON.stringify(value.slice(0, 80))} leads nowhere${hint}: a reference is #/schemas/NAME, or #/… into the same schema`;
    this.#fault(path, message, "unknown-schema");
  }

  /** Whether references lead from one to the next and to the first again. */
  #goesRound(first: ResolvedReference): boolean {
    const seen = new Set<string>();
    for (let target: ResolvedReference | null = first; target !== null;) {
      if (seen.has(target.id)) return true;
      seen.add(target.id);
      const { schema, base, id }: ResolvedReference = target;
      const next = isJsonObject(schema) ? schema["$ref"] : undefined;
      if (typeof next !== "string") return false;
      target = resolveReference(next, base, id.slice(0, id.indexOf("#")), this.#schemas);
    }
    return false;
  }

  #types(value: Json | undefined, path: Path): void {
    const types: readonly unknown[] = Array.isArray(value) ? value : [value];
    if (types.length === 0) this.#fault(path, `must be one of ${TYPE_NAMES.join(", ")}`);
    for (const type of types) {
      if (typeof type === "string" && TYPE_NAMES.includes(type)) continue;
      const hint = typeof type === "string" ? didYouMean(type, TYPE_NAMES) : "";
      this.#fault(path, `must be one of ${TYPE_NAMES.join(", ")}, or a list of them${hint}`);
    }
  }

  #fault(path: Path, message: string, code = "invalid-schema"): void {
    this.faults.push({ code, message, pointer: pointerOf(path) });
  }
}

type PlainKind = "text" | "count" | "number" | "positive" | "boolean" | "list" | "any";

const KIND_NAMES: Readonly<Record<PlainKind, string>> = {
  text: "text",
  count: "a whole number from 0 up",
  number: "a number",
  positive: "a number above 0",
  boolean: "true or false",
  list: "a list",
  any: "a value",
};

function isOfKind(kind: PlainKind, value: Json | undefined): boolean {
  switch (kind) {
    case "text":
      return typeof value === "string";
    case "count":
      return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
    case "number":
      return typeof value === "number" && Number.isFinite(value);
    case "positive":
      return typeof value === "number" && Number.isFinite(value) && value > 0;
    case "boolean":
      return typeof value === "boolean";
    case "list":
      return Array.isArray(value);
    case "any":
      return value !== undefined;
  }
}
