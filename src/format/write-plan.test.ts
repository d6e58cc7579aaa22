import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../core/json.ts";
import type { PlanDocument } from "../core/plan/document.ts";
import { readPlan } from "./read-plan.ts";
import { writePlan } from "./write-plan.ts";

function back(document: PlanDocument, syntax: "yaml" | "json") {
  const result = readPlan(writePlan(document, syntax), { syntax });
  return result.ok ? result.document : result.faults;
}

const awkward = [
  "",
  " ",
  "yes",
  "null",
  "1e3",
  "0o17",
  ".nan",
  "- a",
  "a: b",
  "# no",
  "<<",
  "'",
  '"',
  "a\nb\n",
  "\ttab",
  " end ",
  "é😀",
  "\u2028",
  "\u0085",
  "!tag",
  "*a",
  "&a",
  "@",
  "`",
  "%",
  "|",
  ">",
  "?",
  "${{ x }}",
  "2026-01-01",
  "~",
  "0x1F",
  "1_000",
  "\\",
  "\u001b[31m",
  "\uFEFFx",
  "x".repeat(300),
];

describe("a written plan reads back as the same plan", () => {
  test.each(["yaml", "json"] as const)(
    "in %s, with text that looks like something else",
    (syntax) => {
      const document: PlanDocument = {
        plan: "Awkward",
        steps: {
          a: {
            do: "wait",
            wait: { for: "1s" },
            metadata: {
              texts: awkward,
              keys: Object.fromEntries(awkward.map((text, index) => [`${text}${index}`, index])),
            },
          },
        },
      };
      expect(back(document, syntax)).toEqual(document);
    },
  );

  const text = fc
    .oneof(fc.string({ unit: "grapheme", maxLength: 30 }), fc.constantFrom(...awkward))
    .filter((value) => !value.includes("\0") && value.isWellFormed());
  const key = text.filter((value) => !["__proto__", "constructor", "prototype"].includes(value));
  const { value: data } = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: "small" },
      text,
      fc.integer(),
      fc
        .double({ noNaN: true, noDefaultInfinity: true })
        .map((n) => (Number.isInteger(n) && !Number.isSafeInteger(n) ? 1.5 : n || 0)),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie("value"), { maxLength: 4 }),
      fc.dictionary(key, tie("value"), { maxKeys: 4 }),
    ),
  }));
  const metadata = fc
    .dictionary(key, data, { maxKeys: 5 })
    .map((value): JsonObject => JSON.parse(JSON.stringify(value)));

  test.each(["yaml", "json"] as const)("in %s, whatever its metadata hold", (syntax) => {
    fc.assert(
      fc.property(metadata, text, (anything, words) => {
        const document: PlanDocument = {
          plan: "Anything",
          ...(words === "" ? {} : { objective: words }),
          metadata: anything,
          steps: {
            a: { do: "tool", owner: "std.echo", with: { anything: words.replaceAll("${{", "") } },
          },
        };
        expect(back(document, syntax)).toEqual(document);
      }),
      { numRuns: 400 },
    );
  });
});
