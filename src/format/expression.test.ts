import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Json, JsonObject } from "../core/json.ts";
import type { Scope, StepView } from "../core/pure.ts";
import { evaluateExpression, parseExpression } from "./expression.ts";

const steps = new Map<string, StepView>([
  ["build", { status: "succeeded", output: { files: ["a", "b"], exitCode: 0 }, error: null }],
  ["my-step", { status: "failed", output: null, error: { code: "boom", message: "it broke" } }],
]);

function scope(parts: Partial<Scope> = {}): Scope {
  return { inputs: {}, plan: { name: "Notes" }, step: (key) => steps.get(key), ...parts };
}

function valueOf(source: string, inputs: JsonObject = {}): Json | string {
  const result = evaluateExpression(source, scope({ inputs }));
  return result.ok ? result.value : `fault: ${result.message}`;
}

function faultsOf(source: string): readonly string[] {
  const reading = parseExpression(source);
  return reading.ok ? [] : reading.faults.map((fault) => fault.code);
}

describe("what an expression comes to", () => {
  test.each<[string, JsonObject, Json]>([
    ["inputs.n + 1", { n: 3 }, 4],
    ["1 + inputs.n", { n: 3 }, 4],
    ["inputs.n / 2", { n: 3 }, 1.5],
    ["inputs.n % 2 == 1", { n: 3 }, true],
    ["inputs.n == 3", { n: 3 }, true],
    ["1.5 * 2 == 3", {}, true],
    ["inputs.n in [1, 3]", { n: 3 }, true],
    ["size(inputs.list) > 1", { list: [1, 2] }, true],
    ["inputs.list[inputs.n]", { list: ["a", "b"], n: 1 }, "b"],
    ["inputs.list == [1, 2]", { list: [1, 2] }, true],
    ["inputs.map == {'a': 1}", { map: { a: 1 } }, true],
    ["'a' in inputs.map", { map: { a: 1 } }, true],
    ["inputs.list + [3]", { list: [1, 2] }, [1, 2, 3]],
    ["inputs.list.map(x, x * 2)", { list: [1, 2] }, [2, 4]],
    ["inputs.list.filter(x, x > 1)", { list: [1, 2] }, [2]],
    ["inputs.list.all(x, x > 0) && inputs.list.exists(x, x == 2)", { list: [1, 2] }, true],
    ["inputs.list.exists_one(x, x == 2)", { list: [1, 2] }, true],
    ["inputs.map.map(key, key)", { map: { a: 1, b: 2 } }, ["a", "b"]],
    [
      "{'name': inputs.s, 'count': 2, 'more': [1, 'x']}",
      { s: "x" },
      { name: "x", count: 2, more: [1, "x"] },
    ],
    ["inputs.s + '!'", { s: "hi" }, "hi!"],
    ["'n: ' + string(inputs.n)", { n: 3 }, "n: 3"],
    ["inputs.s.contains('i') && inputs.s.startsWith('h')", { s: "hi" }, true],
    ["inputs.s.substring(0, int(inputs.n))", { s: "hello", n: 2 }, "he"],
    ["has(inputs.n) && !has(inputs.m)", { n: 1 }, true],
    ["inputs.?n.orValue(5)", {}, 5],
    ["inputs.?a.b.orValue('none')", { a: { b: "x" } }, "x"],
    ["inputs.n == null", { n: null }, true],
    ["inputs.whole", { whole: { deep: [1, { x: null }] } }, { deep: [1, { x: null }] }],
    ["-inputs.zero", { zero: 0 }, 0],
    ["plan.name", {}, "Notes"],
    ["steps.build.output.files[1]", {}, "b"],
    ["steps['my-step'].error.code", {}, "boom"],
    ["steps.build.status == 'succeeded'", {}, true],
  ])("%s", (source, inputs, expected) => {
    expect(valueOf(source, inputs)).toEqual(expected);
  });

  test("a child of forEach sees its item and its place", () => {
    const result = evaluateExpression(
      "item.name + string(index)",
      scope({ item: { name: "a" }, index: 2 }),
    );
    expect(result).toEqual({ ok: true, value: "a2" });
  });

  test("a check sees the output it judges", () => {
    const result = evaluateExpression("size(output.text) > 2", scope({ output: { text: "abc" } }));
    expect(result).toEqual({ ok: true, value: true });
  });

  test("own keys of data never pass for properties of the language", () => {
    const inputs = { data: { constructor: 1, length: 2, get: 3, size: 4, toString: 5 } };
    expect(valueOf("inputs.data.length + inputs.data.get + inputs.data.size", inputs)).toBe(9);
    expect(valueOf("size(inputs.data)", inputs)).toBe(5);
    expect(valueOf("inputs.data.hasOwnProperty", inputs)).toContain("is not there");
    expect(valueOf("inputs.list.length", { list: [1] })).toContain("fault:");
  });

  test("frozen data reads like any other", () => {
    const inputs = Object.freeze({ list: Object.freeze([Object.freeze({ a: 1 })]) });
    expect(valueOf("inputs.list[0].a", inputs)).toBe(1);
  });
});

describe("what is missing", () => {
  test("a missing key is a fault with its place, never false", () => {
    expect(valueOf("inputs.repo.name == 'x'", { repo: {} })).toBe(
      "fault: inputs.repo.name is not there; has(…) asks whether it is, and base.?field.orValue(…) gives another value (character 1 of: inputs.repo.name == 'x')",
    );
    expect(valueOf("steps.nope.output")).toContain("steps.nope is not there");
    expect(valueOf("inputs.list[5]", { list: [1] })).toContain("out of bounds");
  });

  test("item, index and output say where they would be", () => {
    expect(valueOf("item")).toContain("item is not there: it is the item of a forEach child");
    expect(valueOf("output == 1")).toContain("output is not there");
  });
});

describe("what may not be said (SEC-24)", () => {
  test.each<[string, string]>([
    ["", "expression-syntax"],
    ["1 +", "expression-syntax"],
    ["inputs.a inputs.b", "expression-syntax"],
    ["'open", "expression-syntax"],
    ["foo", "unknown-name"],
    ["int", "unknown-name"],
    ["input.a", "unknown-name"],
    ["steps", "dynamic-reference"],
    ["size(steps)", "dynamic-reference"],
    ["steps[inputs.key].output", "dynamic-reference"],
    ["steps.build.result", "unknown-step-field"],
    ["'a'.matches('(a+)+')", "function-not-allowed"],
    ["cel.bind(x, 1, x)", "function-not-allowed"],
    ["'a,b'.split(',')", "function-not-allowed"],
    ["['a'].join(',')", "function-not-allowed"],
    ["timestamp('2026-01-01T00:00:00Z')", "function-not-allowed"],
    ["duration('1s')", "function-not-allowed"],
    ["type(1)", "function-not-allowed"],
    ["bytes('a')", "function-not-allowed"],
    ["eval('1')", "function-not-allowed"],
    ["inputs.a.map(x, inputs.b.map(y, y))", "nested-macro"],
    ["inputs.a.all(x, x.exists(y, y))", "nested-macro"],
    ["inputs.a.map(inputs, inputs)", "not-allowed"],
    ["inputs.a.map(x.y, x)", "expression-syntax"],
    ["inputs.constructor", "not-allowed"],
    ["inputs['__proto__']", "not-allowed"],
    ["{'__proto__': 1}", "forbidden-key"],
    ["{inputs.key: 1}", "not-allowed"],
    ["b'abc'", "not-allowed"],
    ["1u", "not-allowed"],
    ["1 + 'a'", "expression-type"],
    ["size(1)", "expression-type"],
    ["true ? 1 : 'a'", "expression-type"],
    ["has(inputs['a'])", "expression-type"],
    ["x".repeat(5000), "expression-too-large"],
    [`${"(".repeat(40)}1${")".repeat(40)}`, "expression-too-large"],
    [Array.from({ length: 300 }, () => "1").join("+"), "expression-too-large"],
    [`[${"1,".repeat(100)}1]`, "expression-too-large"],
    ["!".repeat(2000), "expression-syntax"],
    [`${"[".repeat(12)}1${"]".repeat(12)}`, "expression-too-large"],
  ])("%s", (source, code) => {
    expect(faultsOf(source)[0]).toBe(code);
    expect(evaluateExpression(source, scope()).ok).toBe(false);
  });

  test("a slip of the hand is answered with what was probably meant", () => {
    const reading = parseExpression("input.repo");
    expect(reading).toMatchObject({
      ok: false,
      faults: [
        { code: "unknown-name", message: 'there is no input; did you mean "inputs"?', offset: 0 },
      ],
    });
  });

  test("every fault of an expression is told at once, each with its place", () => {
    const reading = parseExpression("foo + bar('x') + steps.a.outptu");
    expect(reading.ok ? [] : reading.faults.map(({ code, offset }) => [code, offset])).toEqual([
      ["unknown-name", 0],
      ["function-not-allowed", 6],
      ["unknown-step-field", 17],
    ]);
  });
});

describe("what it looks at", () => {
  test("its text says which steps, inputs and names it uses, and what it comes to", () => {
    expect(
      parseExpression("steps.a.output.x > inputs.y && steps['b-c'].status == plan.name"),
    ).toEqual({
      ok: true,
      references: ["a", "b-c"],
      inputs: ["y"],
      names: ["steps", "inputs", "plan"],
      type: "bool",
    });
    expect(parseExpression("[1].map(x, x)")).toMatchObject({ names: [], type: "list<int>" });
    expect(parseExpression("inputs.?a")).toMatchObject({ type: "optional<dyn>" });
  });
});

describe("bounds (SEC-24)", () => {
  const many = Array.from({ length: 20_000 }, (_, index) => index);
  const text = "a".repeat(60_000);

  test("ordinary work on long lists is well within them", () => {
    expect(valueOf("inputs.many.all(x, x >= 0)", { many })).toBe(true);
    expect(valueOf("size(inputs.many.filter(x, x % 2 == 0))", { many })).toBe(10_000);
  });

  test.each<[string, string]>([
    ["a list in a list", "inputs.many.map(x, inputs.many + inputs.many)"],
    ["a search in each round", "inputs.many.exists(x, x in inputs.many && x < 0)"],
    ["long text in each round", "inputs.many.all(x, size(inputs.text) > 0)"],
    ["a search for long text in long text", "inputs.text.contains(inputs.text + 'b')"],
    ["lists that double", `[[1]]${".map(b, b + b)".repeat(7)}`],
    [
      "text that multiplies",
      `['${"x".repeat(100)}']${`.map(b, ${Array(14).fill("b").join("+")})`.repeat(7)}`,
    ],
    [
      "parts that are shared",
      `[1]${".map(b, [b,b,b,b,b,b,b,b])".repeat(4)} == [1]${".map(b, [b,b,b,b,b,b,b,b])".repeat(4)}`,
    ],
    [
      "errors that are swallowed",
      "inputs.many.exists(x, inputs.text.contains(inputs.text + 'b')) || true",
    ],
  ])("%s ends soon, with a fault or a small value", (_name, source) => {
    const begun = process.cpuUsage().user;
    const result = evaluateExpression(source, scope({ inputs: { many, text } }));
    expect(process.cpuUsage(undefined).user - begun).toBeLessThan(2_000_000);
    const size = result.ok ? JSON.stringify(result.value).length : 0;
    expect(size).toBeLessThan(70_000);
    expect(result.ok ? "costs too much" : result.message).toMatch(
      /costs too much|larger than|deep/,
    );
  });

  test("what would cost too much is refused before it is begun", () => {
    const refused = expect.stringContaining("costs too much");
    expect(valueOf("inputs.text.contains(inputs.text + 'b')", { text })).toEqual(refused);
    expect(valueOf("inputs.many.all(x, size(inputs.text) > 0)", { many, text })).toEqual(refused);
    expect(valueOf("inputs.many.exists(x, x in inputs.many && x < 0)", { many })).toEqual(refused);
    // An error inside `exists` is swallowed; this one is not.
    expect(
      valueOf("inputs.many.exists(x, inputs.text.contains(inputs.text + 'b')) || true", {
        many,
        text,
      }),
    ).toEqual(refused);
  });

  test("many expressions of many texts are no more than the last few in memory", () => {
    for (let index = 0; index < 2000; index += 1) expect(valueOf(`${index} + 1`)).toBe(index + 1);
    expect(valueOf("0 + 1")).toBe(1);
  });

  test("a value is at most 64 KiB, whether it is made or handed on", () => {
    expect(valueOf("inputs.text + inputs.text", { text })).toContain("larger than 65536 bytes");
    expect(valueOf("inputs.texts", { texts: [text, text] })).toContain("larger than 65536 bytes");
    expect(valueOf("inputs.text", { text })).toBe(text);
  });

  test.each([
    ["9007199254740993", "too large for a whole JSON number"],
    ["9223372036854775807 + 1", "integer overflow"],
    ["1 / 0", "division by zero"],
    ["1.0 / 0.0", "no JSON number"],
    ["double('nan')", "no JSON number"],
    ["inputs.?a", "optional"],
  ])("%s has no JSON value", (source, message) => {
    expect(valueOf(source, { a: 1 })).toContain(message);
  });
});

describe("whatever is written", () => {
  const fragments = fc.constantFrom(
    "inputs",
    ".a",
    "steps.b.output",
    "1",
    "'x'",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "+",
    "-",
    "*",
    "/",
    "==",
    "&&",
    "||",
    "!",
    "?",
    ":",
    ",",
    ".map(x, x)",
    ".all(x,",
    "has(",
    "size(",
    "in",
    "null",
    "item",
    "output",
    "\\",
    '"',
    "'''",
    "//",
    "0x",
    "1e",
    "b'",
    "r'",
    "`",
    "\u0000",
    "\uD800",
    "é",
  );

  test("reading and evaluating never throw, and give JSON or a fault", () => {
    const source = fc.oneof(
      fc.string({ unit: "binary", maxLength: 40 }),
      fc.array(fragments, { maxLength: 14 }).map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(source, fc.jsonValue({ maxDepth: 3 }), (text, data) => {
        const value: Json = JSON.parse(JSON.stringify(data));
        const reading = parseExpression(text);
        const result = evaluateExpression(
          text,
          scope({ inputs: { a: value }, output: value, item: value }),
        );
        expect(reading.ok || reading.faults.length > 0).toBe(true);
        expect(result.ok && !reading.ok).toBe(false);
        const came = result.ok ? result.value : null;
        expect(JSON.parse(JSON.stringify(came))).toEqual(came);
      }),
      { numRuns: 1500 },
    );
  });

  test("data comes out as it went in", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (data) => {
        const value: Json = JSON.parse(JSON.stringify(data));
        expect(evaluateExpression("inputs.a", scope({ inputs: { a: value } }))).toEqual({
          ok: true,
          value,
        });
      }),
      { numRuns: 300 },
    );
  });
});
