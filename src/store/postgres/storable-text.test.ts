import fc from "fast-check";
import { expect, test } from "vitest";
import { canBeStored, fromStorable, toStorable } from "./storable-text.ts";

test("P20: any text comes back as it was, and has no NUL on the way", () => {
  const characters = fc.constantFrom("a", "\u0000", "\ue000", "0", "e", "\u{1f30d}");
  const texts = fc.string({ unit: characters, maxLength: 20 });
  fc.assert(
    fc.property(texts, (text) => {
      const storable = toStorable(text);
      expect(storable).not.toContain("\u0000");
      expect(fromStorable(storable)).toBe(text);
    }),
  );
});

test("ordinary text is left as it is", () => {
  const text = 'Grüße, 世界, \u{1f30d}\n\t"quoted"';
  expect(toStorable(text)).toBe(text);
  expect(fromStorable(text)).toBe(text);
});

test("nothing has a name with a NUL in it", () => {
  expect(canBeStored("pln_1")).toBe(true);
  expect(canBeStored("pln_\u0000")).toBe(false);
});
