import fc from "fast-check";
import { expect, test } from "vitest";
import { toJson } from "./to-json.ts";

test("whatever JSON can say is taken as it is", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      fc.pre(!/"(?:__proto__|constructor|prototype)":/.test(JSON.stringify(value)));
      const said = JSON.parse(JSON.stringify(value));
      const json = toJson(said);
      expect(json.ok ? json.value : json.message).toEqual(said);
    }),
  );
});

test("members without a value are left out, and the copy is nobody else's", () => {
  const list = [1];
  const json = toJson({ a: undefined, list });
  list.push(2);
  expect(json).toEqual({ ok: true, value: { list: [1] } });
});

test("a value may stand in two places", () => {
  const shared = { n: 1 };
  expect(toJson([shared, shared])).toEqual({ ok: true, value: [{ n: 1 }, { n: 1 }] });
});

const circle: unknown[] = [];
circle.push([circle]);
let deep: unknown = 1;
for (let level = 0; level < 100_000; level += 1) deep = [deep];
class Money {
  readonly cents = 1;
}

test.each<[string, unknown, string, string]>([
  ["undefined", undefined, "", "is undefined"],
  ["a hole in a list", [1, undefined], "/1", "is undefined"],
  ["a big integer", { a: { "b/c": 1n } }, "/a/b~1c", "is a bigint"],
  ["no number", [Number.NaN], "/0", "is NaN"],
  ["no end", { a: -Infinity }, "/a", "is -Infinity"],
  ["a function", { f: () => 1 }, "/f", "is a function"],
  ["a symbol", [Symbol("s")], "/0", "is a symbol"],
  ["a date", { at: new Date(0) }, "/at", "is a Date, not a plain object"],
  ["a map", new Map(), "", "is a Map"],
  ["an object of a class", [new Money()], "/0", "is a Money"],
  ["a circle", circle, "/0/0", "contains itself"],
  ["a well", deep, "/0".repeat(64), "is nested deeper than 64 levels"],
  ["half a character", ["\ud800"], "/0", "is not well-formed text"],
  ["half a character in a key", { "\udc00": 1 }, "/\udc00", "has a key that is not well-formed"],
  ["a dangerous key", JSON.parse('{"a":{"__proto__":1}}'), "/a/__proto__", "is refused everywhere"],
])("%s is told with its place", (_name, value, pointer, message) => {
  const json = toJson(value);
  expect(json).toMatchObject({ ok: false, pointer });
  expect(json.ok ? "" : json.message).toContain(message);
});
