import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Json, JsonSchema } from "../core/json.ts";
import { validateJson } from "./json-schema.ts";

function said(schema: JsonSchema, value: Json, schemas?: Readonly<Record<string, JsonSchema>>) {
  return validateJson(schema, value, schemas).map((fault) => `${fault.pointer} ${fault.message}`);
}

describe("what fits and what does not", () => {
  test.each<[JsonSchema, Json, readonly string[]]>([
    [true, { any: "thing" }, []],
    [false, 1, [" the value is not allowed here"]],
    [{}, null, []],
    [{ type: "object", required: ["markdown"] }, {}, [' "markdown" is missing']],
    [
      { properties: { n: { type: "integer" } } },
      { n: 1.5 },
      ["/n must be a whole number, not 1.5"],
    ],
    [{ type: ["string", "null"] }, 3, [" must be text or null, not 3"]],
    [{ type: "integer" }, 3.0, []],
    [
      { additionalProperties: false, properties: { a: true } },
      { b: 1 },
      ['/b "b" is not allowed here'],
    ],
    [{ enum: ["a", "b"] }, "c", [' must be one of "a","b"']],
    [{ const: 1 }, 2, [" must be 1"]],
    [{ minimum: 5 }, 3, [" 3 is less than 5"]],
    [{ minLength: 3 }, "ab", [" string is too short (2 < 3)"]],
    [{ minLength: 3 }, "ab😀", []],
    [{ items: { type: "string" } }, ["a", 1], ["/1 must be text, not 1"]],
    [{ prefixItems: [{ type: "string" }], items: false }, ["a", 1], ['/1 "1" is not allowed here']],
    [{ contains: { type: "number" } }, ["a"], [" holds no item of the kind it must hold"]],
    [
      { anyOf: [{ type: "string" }, { type: "number" }] },
      true,
      [" fits none of the allowed forms"],
    ],
    [
      { oneOf: [{ type: "number" }, { minimum: 1 }] },
      3,
      [" fits more than one of the forms, and may fit only one"],
    ],
    [{ not: { type: "string" } }, "a", [" fits what it must not"]],
    // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
    [{ if: { type: "number" }, then: { minimum: 5 } }, 3, [" 3 is less than 5"]],
    [{ propertyNames: { pattern: "^a" } }, { b: 1 }, [' "b" is not allowed as a key']],
    [{ dependentRequired: { a: ["b"] } }, { a: 1 }, [' the value has "a" but does not have "b"']],
    [
      { required: ["toString", "__proto__"] },
      {},
      [' "toString" is missing', ' "__proto__" is missing'],
    ],
    [
      { unevaluatedProperties: false, allOf: [{ properties: { a: true } }] },
      { a: 1, b: 2 },
      ['/b "b" is not allowed here'],
    ],
    [
      { properties: { "a/b~c d": { type: "string" } } },
      { "a/b~c d": 1 },
      ["/a~1b~0c d must be text, not 1"],
    ],
    [{ multipleOf: 0.1 }, 0.3, []],
    [{ "x-own": 1, description: "remarks say nothing" }, 1, []],
  ])("%j and %j", (schema, value, expected) => {
    expect(said(schema, value)).toEqual(expected);
  });

  test("every fault is told at once", () => {
    const schema = { properties: { a: { type: "string" }, b: { type: "string" } } };
    expect(said(schema, { a: 1, b: 2 })).toHaveLength(2);
  });
});

describe("patterns (SEC-25)", () => {
  test("a pattern is judged where it stands, also inside not and anyOf", () => {
    expect(said({ pattern: "^a+$" }, "bbb")).toEqual([" must match the pattern ^a+$"]);
    expect(said({ not: { pattern: "^a" } }, "b")).toEqual([]);
    expect(said({ anyOf: [{ pattern: "^a" }, { type: "number" }] }, "a")).toEqual([]);
    expect(said({ pattern: "^\\p{L}+$" }, "é")).toEqual([]);
    expect(said({ pattern: "^a" }, 3)).toEqual([]);
  });

  test("patterns that would hang a backtracking engine end at once", () => {
    for (const pattern of ["(a+)+$", "^(a|a)*$", "(x+x+)+y", "(.*a){20}$"]) {
      expect(said({ pattern }, `${"a".repeat(60_000)}b`)).toHaveLength(1);
    }
  });

  test("a pattern that is not linear, or is too long, makes the schema useless", () => {
    expect(said({ pattern: "^(?=a)" }, "a")[0]).toContain("the pattern is not RE2 syntax");
    expect(said({ pattern: "(a)\\1" }, "aa")[0]).toContain("the pattern is not RE2 syntax");
    expect(said({ pattern: "a".repeat(2000) }, "a")[0]).toContain("1024 characters");
  });

  test("patterns of keys count with properties and with what is left over", () => {
    const schema = {
      properties: { "x-own": { minimum: 5 } },
      patternProperties: { "^x-": { type: "number" } },
      additionalProperties: false,
    };
    expect(said(schema, { "x-a": 1, "x-b": "s", "x-own": 3, y: 1 })).toEqual([
      "/x-own 3 is less than 5",
      '/x-b must be a number, not "s"',
      '/y "y" is not allowed here',
    ]);
  });
});

describe("references", () => {
  const schemas = {
    report: {
      properties: { title: { $ref: "#/$defs/line" } },
      $defs: { line: { type: "string" } },
    },
    tree: { properties: { below: { items: { $ref: "#" } } }, additionalProperties: false },
  } as const;

  test("#/schemas/NAME is a schema of the plan, and # inside it is that schema", () => {
    expect(said({ $ref: "#/schemas/report" }, { title: 1 }, schemas)).toEqual([
      "/title must be text, not 1",
    ]);
    const value = { below: [{ below: [{ x: 1 }] }] };
    expect(said({ $ref: "#/schemas/tree" }, value, schemas)).toEqual([
      '/below/0/below/0/x "x" is not allowed here',
    ]);
    expect(said({ $ref: "#/schemas/report/$defs/line" }, 1, schemas)).toEqual([
      " must be text, not 1",
    ]);
  });

  test("#/… leads into the schema itself", () => {
    const schema = { items: { $ref: "#/$defs/a~1b" }, $defs: { "a/b": { type: "string" } } };
    expect(said(schema, [1])).toEqual(["/0 must be text, not 1"]);
  });

  test("nothing is fetched, and what leads nowhere is said", () => {
    expect(said({ $ref: "https://example.org/schema.json" }, 1)[0]).toContain("leads nowhere");
    expect(said({ $ref: "#/schemas/nope" }, 1)[0]).toContain("leads nowhere");
  });

  test("references that go round or multiply come to an end", () => {
    expect(said({ $ref: "#" }, 1)).toHaveLength(1);
    const doubling: Record<string, JsonSchema> = { a40: {} };
    for (let level = 0; level < 40; level += 1) {
      const below = { $ref: `#/schemas/a${level + 1}` };
      doubling[`a${level}`] = { allOf: [below, below] };
    }
    expect(validateJson({ $ref: "#/schemas/a0" }, 1, doubling)).toMatchObject([
      { code: "schema-too-costly" },
    ]);
  });
});

describe("lists without repeats", () => {
  const numbers = Array.from({ length: 20_000 }, (_, index) => index);

  test("long lists are compared in time in proportion to their length", () => {
    expect(said({ uniqueItems: true }, numbers)).toEqual([]);
    expect(said({ uniqueItems: true }, [...numbers, 5])).toEqual([
      " must not hold the same item twice",
    ]);
    expect(
      said({ uniqueItems: true }, [
        { a: 1, b: 2 },
        { b: 2, a: 1 },
      ]),
    ).toHaveLength(1);
  });

  test("each list is judged by itself", () => {
    const value = { a: numbers.slice(0, 200), b: numbers.slice(0, 200).map((n) => n % 7) };
    const unique = { uniqueItems: true };
    expect(said({ properties: { a: unique, b: unique } }, value)).toEqual([
      "/b must not hold the same item twice",
    ]);
  });
});

describe("formats", () => {
  test.each<[string, string, string]>([
    ["email", "a@example.org", "a@"],
    ["uri", "https://example.org/a?b#c", "https://a b"],
    ["uri", "urn:isbn:1", "//example.org"],
    ["date", "2028-02-29", "2026-02-29"],
    ["date-time", "2026-03-01T09:00:00Z", "2026-03-01 9:00"],
    ["uuid", "123e4567-e89b-12d3-a456-426614174000", "123"],
    ["ipv4", "127.0.0.1", "256.1.1.1"],
    ["regex", "^a+$", "(a"],
  ])("%s", (format, good, bad) => {
    expect(said({ format }, good)).toEqual([]);
    expect(said({ format }, bad)).toEqual([` must have the format ${format}`]);
  });

  test("a format that is not known is a mere remark", () => {
    expect(said({ format: "colour" }, "red")).toEqual([]);
  });

  test("no format takes longer than its text allows", () => {
    const formats = [
      "date-time",
      "duration",
      "email",
      "hostname",
      "ipv6",
      "uri",
      "uri-reference",
      "uuid",
      "json-pointer",
      "regex",
    ];
    const hostile = [
      "a".repeat(60_000),
      `${"1".repeat(60_000)}x`,
      "a@".repeat(30_000),
      "::".repeat(30_000),
      `"${"\\a".repeat(30_000)}`,
    ];
    const begun = process.cpuUsage().user;
    for (const format of formats) for (const text of hostile) validateJson({ format }, text);
    expect(process.cpuUsage(undefined).user - begun).toBeLessThan(3_000_000);
  });
});

test("whatever the schema and the value, it ends and never throws", () => {
  const keyword = fc.constantFrom(
    "type",
    "items",
    "properties",
    "pattern",
    "enum",
    "$ref",
    "allOf",
    "not",
    "required",
    "format",
    "patternProperties",
    "uniqueItems",
    "minimum",
    "const",
    "if",
  );
  const schema = fc.dictionary(keyword, fc.jsonValue({ maxDepth: 3 }), { maxKeys: 4 });
  fc.assert(
    fc.property(schema, fc.jsonValue({ maxDepth: 3 }), (wild, data) => {
      const schemaJson: JsonSchema = JSON.parse(JSON.stringify(wild));
      const value: Json = JSON.parse(JSON.stringify(data));
      expect(Array.isArray(validateJson(schemaJson, value))).toBe(true);
    }),
    { numRuns: 1000 },
  );
});
