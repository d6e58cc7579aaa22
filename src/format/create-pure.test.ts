import { hash } from "node:crypto";
import { expect, test } from "vitest";
import { createPure } from "./create-pure.ts";

test("the core gets expressions, templates, schemas and a digest in one", () => {
  const pure = createPure((text) => hash("sha256", text));
  const scope = { inputs: { n: 2 }, plan: {}, step: () => undefined };
  expect(pure.evaluate("inputs.n * 2", scope)).toEqual({ ok: true, value: 4 });
  expect(pure.resolve(["${{ inputs.n }}"], scope)).toEqual({ ok: true, value: [2] });
  expect(pure.validate({ type: "string" }, 1)).toHaveLength(1);
  expect(pure.digest("a")).toMatch(/^[0-9a-f]{64}$/);
});
