import { describe, expect, expectTypeOf, test } from "vitest";
import { z } from "zod";
import type { Json } from "../../core/json.ts";
import { startTestAttempt } from "../test-attempt.ts";
import { defineTool } from "./define-tool.ts";
import { ToolError } from "./tool-error.ts";
import { createToolExecutor } from "./tool-executor.ts";
import { type Tool, effectsOf } from "./tool.ts";

async function call(tool: Tool, input: Json, effect: "none" | "once" = "none") {
  await using attempt = await startTestAttempt({
    input,
    effect,
    document: { do: "tool", owner: tool.name },
  });
  const outcome = await createToolExecutor([tool]).execute(attempt.lease, attempt.context);
  return outcome;
}

describe("what goes into a tool", () => {
  const order = z.object({ item: z.string(), count: z.coerce.number().int().default(1) });

  test("has the type of its schema, defaults and all", async () => {
    const tool = defineTool({
      name: "shop.order",
      input: order,
      execute: (input) => {
        expectTypeOf(input).toEqualTypeOf<{ item: string; count: number }>();
        return input;
      },
    });
    expect(await call(tool, { item: "tea", count: "2" })).toEqual({
      kind: "succeeded",
      output: { item: "tea", count: 2 },
    });
    expect(await call(tool, { item: "tea" })).toMatchObject({ output: { count: 1 } });
  });

  test("is any JSON where there is no schema, or one that describes it", async () => {
    const schema = { type: "object", properties: { n: { type: "integer" } }, required: ["n"] };
    const tool = defineTool({
      name: "count",
      input: schema,
      execute: (input) => {
        expectTypeOf(input).toEqualTypeOf<Json>();
        return input;
      },
    });
    expect(tool.inputSchema).toEqual(schema);
    expect(await call(tool, { n: 1 })).toEqual({ kind: "succeeded", output: { n: 1 } });
    expect(await call(tool, {})).toMatchObject({
      error: { code: "invalid-input", retryable: false },
    });
    expect(await call(tool, { n: "x" })).toMatchObject({ error: { pointer: "/n" } });
  });

  test("that does not fit is told with its place, and the tool is not called", async () => {
    let calls = 0;
    const tool = defineTool({ name: "shop.order", input: order, execute: () => (calls += 1) });
    const outcome = await call(tool, { item: 1, count: "many" });
    expect(outcome).toMatchObject({
      kind: "failed",
      error: { code: "invalid-input", retryable: false, pointer: "/item" },
    });
    const message = outcome.kind === "failed" ? outcome.error.message : "";
    expect(message).toMatch(/^the tool's input does not fit its schema: \/item: .*; \/count: /);
    expect(calls).toBe(0);
  });
});

function giving(value: unknown): Tool {
  return defineTool({ name: "give", execute: () => value });
}

describe("what comes out of a tool", () => {
  test("is its output as plain JSON", async () => {
    const output = { a: [1, "x", null], b: { c: true } };
    expect(await call(giving({ ...output, d: undefined }), 1)).toEqual({
      kind: "succeeded",
      output,
    });
  });

  test.each<[unknown, string]>([
    [undefined, "the tool returned undefined: return null"],
    [{ n: 1n }, "the tool's output at /n is a bigint, which JSON cannot say"],
    [[Number.NaN], "the tool's output at /0 is NaN"],
    [new Date(0), "the tool's output is a Date, not a plain object"],
  ])("that JSON cannot say is told with its place: %o", async (value, message) => {
    const outcome = await call(giving(value), 1);
    expect(outcome).toMatchObject({ error: { code: "output-invalid" } });
    expect(outcome.kind === "failed" ? outcome.error.message : "").toContain(message);
  });

  test("must fit the schema that it has promised, of either kind", async () => {
    const schemas = [z.object({ n: z.number() }), { type: "object", required: ["n"] }] as const;
    for (const output of schemas) {
      const tool = (value: { n: number }): Tool =>
        defineTool({ name: "give", output, execute: () => value });
      expect(await call(tool({ n: 1 }), 1)).toEqual({ kind: "succeeded", output: { n: 1 } });
      const wrong: { n: number } = JSON.parse("{}");
      expect(await call(tool(wrong), 1)).toMatchObject({ error: { code: "output-invalid" } });
    }
  });

  test("that its own schema cannot read is wrong, and no failure of the work", async () => {
    const output = z.unknown().transform(() => {
      throw new Error("the schema broke");
    });
    const tool = defineTool({ name: "give", output, execute: () => 1 });
    expect(await call(tool, 1, "once")).toEqual({
      kind: "failed",
      error: {
        code: "output-invalid",
        message: "the tool's output cannot be read: the schema broke",
        retryable: false,
      },
    });
  });

  test("that is wrong is asked for again only where that is harmless", async () => {
    expect(await call(giving(undefined), 1, "none")).toMatchObject({ error: { retryable: true } });
    expect(await call(giving(undefined), 1, "once")).toMatchObject({ error: { retryable: false } });
  });
});

describe("what a tool is", () => {
  test("its name is letters and digits, with dots between groups", () => {
    for (const name of ["a", "github.create_release", "a-b.c-1"]) {
      expect(defineTool({ name, execute: () => null }).name).toBe(name);
    }
    for (const name of ["", ".a", "a.", "a b", "1a", "a/b", "x".repeat(129)]) {
      expect(() => defineTool({ name, execute: () => null })).toThrow("no name for a tool");
    }
  });

  test("its effect is `once` unless it says otherwise, and plans are pinned to it", () => {
    const tools = [
      defineTool({ name: "a", execute: () => null }),
      defineTool({ name: "b", effect: "none", execute: () => null }),
    ];
    expect(effectsOf(tools)).toEqual(
      new Map([
        ["a", "once"],
        ["b", "none"],
      ]),
    );
  });

  test("its errors are known across copies of the package", () => {
    const error = new ToolError("no", { code: "x", details: { a: 1 } });
    expect([ToolError.is(error), ToolError.is(new Error("no")), ToolError.is(null)]).toEqual([
      true,
      false,
      false,
    ]);
  });
});
