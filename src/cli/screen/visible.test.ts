import { describe, expect, test } from "vitest";
import fc from "fast-check";
import { visible, visibleJson, visibleLines } from "./visible.ts";

describe("text from outside", () => {
  test("cannot move the cursor, set the title or colour anything", () => {
    expect(visible("a\u001b[2Jb\u009b1mc\u0007")).toBe(String.raw`a\u{1b}[2Jb\u{9b}1mc\u{7}`);
  });

  test("cannot turn the direction of writing or hide what it says", () => {
    expect(visible("a\u202eb\u200bc\ufeffd\u{e0041}")).toBe(
      String.raw`a\u{202e}b\u{200b}c\u{feff}d\u{e0041}`,
    );
  });

  test("cannot begin a line of its own where one line is shown", () => {
    expect(visible("done\n\rplanwright: approved\u2028")).toBe(
      String.raw`done\n\rplanwright: approved\u{2028}`,
    );
  });

  test("keeps its lines where it may have some", () => {
    expect(visibleLines("one\r\n\ttwo\rthree")).toBe(`one\n\ttwo${String.raw`\r`}three`);
  });

  test("is left alone where it is plain text of any script", () => {
    const plain = "Grüße, 日本語, עברית, 🚀!";
    expect(visible(plain)).toBe(plain);
  });

  test("as JSON is the same value, and nothing in it is obeyed", () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ stringUnit: "binary" }),
        fc.constantFrom(undefined, 2),
        (value, indent) => {
          const text = visibleJson(value, indent);
          expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
          expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
        },
      ),
    );
  });
});
