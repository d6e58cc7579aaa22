import { expect, test } from "vitest";
import { clip, table } from "./table.ts";

test("columns stand under each other, colours or not", () => {
  expect(
    table([
      ["a", "\u001b[32mgreen\u001b[39m", "x"],
      ["longer", "b"],
    ]),
  ).toBe("a       \u001b[32mgreen\u001b[39m  x\nlonger  b");
});

test("a text that is too long says that it goes on", () => {
  expect(clip("release", 7)).toBe("release");
  expect(clip("releases", 7)).toBe("releas…");
  expect(clip("🚀🚀🚀", 2)).toBe("🚀…");
});
