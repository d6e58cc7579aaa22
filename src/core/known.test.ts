import { expect, test } from "vitest";
import { known } from "./known.ts";

test("a value that is there is given back, whatever it is", () => {
  expect([0, "", false].map((value) => known(value, "value"))).toEqual([0, "", false]);
});

test("a value that must be there and is not is a mistake of the program, by name", () => {
  expect(() => known(null, "request req_1")).toThrow("not there: request req_1");
  expect(() => known(undefined, "error")).toThrow("not there: error");
});
