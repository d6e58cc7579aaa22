import fc from "fast-check";
import { expect, test } from "vitest";
import { OutputKeeper } from "./captured-output.ts";

function keep(chunks: readonly Buffer[], max: number) {
  const keeper = new OutputKeeper(max);
  for (const chunk of chunks) keeper.add(chunk);
  return keeper.finish();
}

test("output within the limit is kept as it came", () => {
  const chunks = fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 20 });
  fc.assert(
    fc.property(chunks, (arrays) => {
      const all = Buffer.concat(arrays);
      const output = keep(
        arrays.map((array) => Buffer.from(array)),
        400,
      );
      expect(output).toEqual({ bytes: all, total: all.length, cut: false });
    }),
  );
});

test("beyond the limit the beginning and the end are kept, however the output came", () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 30, maxLength: 60 });
  fc.assert(
    fc.property(sizes, (lengths) => {
      const text = "0123456789".repeat(1300).slice(
        0,
        lengths.reduce((sum, one) => sum + one, 0),
      );
      let at = 0;
      const output = keep(
        lengths.map((length) => Buffer.from(text.slice(at, (at += length)))),
        160,
      );
      fc.pre(text.length > 160);
      const dropped = text.length - 160;
      const notice = `\n[${dropped} bytes of output were cut here]\n`;
      const kept = `${text.slice(0, 150)}${notice}${text.slice(-10)}`;
      expect(output).toMatchObject({ total: text.length, cut: true });
      expect(output.bytes.toString()).toBe(kept);
    }),
  );
});
