import { expect, test } from "vitest";
import { toParameter } from "./to-parameter.ts";

test("a list goes out as the literal of an array, with what is special in it marked", () => {
  expect(toParameter([1, null, -2.5])).toBe("{1,NULL,-2.5}");
  expect(toParameter([true, false])).toBe("{true,false}");
  expect(toParameter(["", "NULL", 'say "no"', "a\\b", "{x},y", null])).toBe(
    String.raw`{"","NULL","say \"no\"","a\\b","{x},y",NULL}`,
  );
  expect(toParameter([])).toBe("{}");
});

test("everything else goes out as its text, and null as none", () => {
  expect([null, 1_700_000_000_000, true, "NULL"].map(toParameter)).toEqual([
    null,
    "1700000000000",
    "true",
    "NULL",
  ]);
});
