import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Json } from "../core/json.ts";
import type { Scope } from "../core/pure.ts";
import { hasTemplate, resolveTemplate, templateExpressions } from "./template.ts";

const inputs = { n: 3, s: "text", yes: true, nothing: null, list: [1, "a"], map: { a: 1 } };
const scope: Scope = { inputs, plan: {}, step: () => undefined };

function resolved(template: Json): Json {
  const result = resolveTemplate(template, scope);
  return result.ok ? result.value : `fault: ${result.message}`;
}

describe("what is filled in", () => {
  test.each<[Json, Json]>([
    ["plain", "plain"],
    ["${{ inputs.n }}", 3],
    ["${{inputs.list}}", [1, "a"]],
    ["${{ inputs.map }}", { a: 1 }],
    ["${{ inputs.nothing }}", null],
    ["n is ${{ inputs.n }}", "n is 3"],
    [" ${{ inputs.n }}", " 3"],
    ["${{ inputs.s }}, ${{ inputs.yes }}, ${{ inputs.nothing }}", "text, true, null"],
    ["${{ inputs.list }}/${{ inputs.map }}", '[1,"a"]/{"a":1}'],
    ["$${{ inputs.n }}", "${{ inputs.n }}"],
    ["$$${{ inputs.n }}", "$${{ inputs.n }}"],
    ["${{ inputs.n }}$${{ x }}${{ inputs.n }}", "3${{ x }}3"],
    ["${ {inputs.n} }", "${ {inputs.n} }"],
    ["a }} b", "a }} b"],
    ["${{ '}}' }}", "}}"],
    ['${{ "it\'s }}" }}', "it's }}"],
    ["${{ 'a\\'}}' }}", "a'}}"],
    ["${{ '''a'}}''' }}", "a'}}"],
    ["${{ {'a': {'b': 1}} }}", { a: { b: 1 } }],
    ["${{ {'a': 1}}}", { a: 1 }],
    [
      { "a ${{ x }}": ["${{ inputs.n }}", { b: "${{ inputs.s }}!" }] },
      { "a ${{ x }}": [3, { b: "text!" }] },
    ],
    [3, 3],
    [null, null],
  ])("%j", (template, expected) => {
    expect(resolved(template)).toEqual(expected);
  });

  test("a value without expressions is handed on as it is", () => {
    const template = { a: [1, "b"] };
    expect(resolveTemplate(template, scope)).toEqual({ ok: true, value: template });
    expect(resolved(template)).toBe(template);
  });
});

describe("what is wrong", () => {
  test("a fault names the place in the template and in the expression", () => {
    expect(resolved({ with: ["x", "${{ inputs.m }}"] })).toBe(
      "fault: /with/1: inputs.m is not there; has(…) asks whether it is, and base.?field.orValue(…) gives another value (character 1 of: inputs.m)",
    );
  });

  test.each(["${{ inputs.n", "${{ inputs.n }", "${{ '}}", "${{ {'a': 1} "])(
    "%s is not closed",
    (template) => {
      expect(resolved(template)).toContain("is not closed");
      expect(templateExpressions([template]).faults).toMatchObject([{ pointer: "/0" }]);
    },
  );

  test("all that is filled in is at most 64 KiB", () => {
    const text = "a".repeat(40_000);
    const wide: Scope = { ...scope, inputs: { text } };
    const result = resolveTemplate(["${{ inputs.text }}", "${{ inputs.text }}"], wide);
    expect(result).toMatchObject({ ok: false, message: expect.stringContaining("65536 bytes") });
  });
});

describe("what stands in a template", () => {
  test("every expression is found with its pointer", () => {
    const template = { a: "${{ x }} and ${{ y }}", "b/c": ["$${{ z }}", "${{ 1 }}"] };
    expect(templateExpressions(template)).toEqual({
      expressions: [
        { pointer: "/a", source: "x" },
        { pointer: "/a", source: "y" },
        { pointer: "/b~1c/1", source: "1" },
      ],
      faults: [],
    });
  });

  test("it can be told without reading it", () => {
    expect(hasTemplate({ a: [{ b: "${{ x }}" }] })).toBe(true);
    expect(hasTemplate({ a: [{ b: "$ {{ x }}" }] })).toBe(false);
    expect(hasTemplate(undefined)).toBe(false);
  });
});

test("whatever is written, it comes to a value or a fault and never throws", () => {
  const piece = fc.constantFrom(
    "${{",
    "}}",
    "$",
    "{",
    "}",
    "'",
    '"',
    "\\",
    "inputs.n",
    " ",
    "a",
    "$${{",
  );
  const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(""));
  fc.assert(
    fc.property(text, (template) => {
      const result = resolveTemplate(template, scope);
      const { faults } = templateExpressions(template);
      expect(result.ok && faults.length > 0).toBe(false);
      const isPlain = !template.includes("${{");
      expect(result.ok && (!isPlain || result.value === template)).toBe(isPlain || result.ok);
    }),
    { numRuns: 2000 },
  );
});
