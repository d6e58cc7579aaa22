import { describe, expect, test } from "vitest";
import type { JsonSchema } from "../core/json.ts";
import { checkSchema } from "./check-schema.ts";

describe("a schema that values can be judged by", () => {
  test.each<[JsonSchema]>([
    [true],
    [{}],
    [{ $schema: "https://json-schema.org/draft/2020-12/schema", title: "x", "x-own": [] }],
    [{ type: ["string", "null"], pattern: "^[a-z]+$", default: null }],
    [{ properties: { a: { $ref: "#/$defs/b" } }, $defs: { b: { type: "number" } } }],
    [{ $ref: "#/schemas/report" }],
  ])("%j passes", (schema) => {
    expect(checkSchema(schema, { report: {} })).toEqual([]);
  });
});

describe("what is wrong with a schema", () => {
  test.each<[JsonSchema, string, string]>([
    [{ type: "strin" }, "/type", 'did you mean "string"?'],
    [{ type: [] }, "/type", "must be one of string"],
    [{ properties: [] }, "/properties", "must be a map"],
    [{ properties: { a: 3 } }, "/properties/a", "must be a schema"],
    [{ required: "a" }, "/required", "must be a list"],
    [{ required: [1] }, "/required/0", "must be text"],
    [{ minLength: -1 }, "/minLength", "a whole number from 0 up"],
    [{ multipleOf: 0 }, "/multipleOf", "a number above 0"],
    [{ exclusiveMinimum: true }, "/exclusiveMinimum", "must be a number"],
    [{ allOf: [] }, "/allOf", "not empty"],
    [{ items: [{}] }, "/items", "must be a schema"],
    [{ pattern: "(?<=a)b" }, "/pattern", "not RE2 syntax"],
    [{ pattern: "a".repeat(1025) }, "/pattern", "1024 characters"],
    [{ patternProperties: { "(": {} } }, "/patternProperties/(", "not RE2 syntax"],
    [{ $ref: "#/schemas/repot" }, "/$ref", 'did you mean "report"?'],
    [{ $ref: "other.json" }, "/$ref", "leads nowhere"],
    [{ $ref: "#" }, "/$ref", "leads back to itself"],
    [
      {
        not: { $ref: "#/$defs/a" },
        $defs: { a: { $ref: "#/$defs/b" }, b: { type: "object", $ref: "#/$defs/a" } },
      },
      "/not/$ref",
      "leads back to itself",
    ],
    [{ $dynamicRef: "#a" }, "/$dynamicRef", "use $ref"],
    [{ enum: "a" }, "/enum", "must be a list"],
    [{ description: "x".repeat(70_000) }, "", "65536 bytes"],
  ])("%j", (schema, pointer, message) => {
    expect(checkSchema(schema, { report: {} })[0]).toMatchObject({
      pointer,
      message: expect.stringContaining(message),
    });
  });

  test("a schema nested without measure is refused", () => {
    let schema: JsonSchema = {};
    for (let level = 0; level < 31; level += 1) schema = { not: schema };
    expect(checkSchema(schema)).toEqual([]);
    schema = { not: schema };
    expect(checkSchema(schema)[0]?.message).toContain("32 deep");
  });
});
