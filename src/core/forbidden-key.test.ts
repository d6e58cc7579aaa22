import { expect, test } from "vitest";
import type { Json } from "./json.ts";
import { findForbiddenKey } from "./forbidden-key.ts";

const parsed = (text: string): Json => JSON.parse(text);

test.each([
  ['{"__proto__":1}', "__proto__"],
  ['{"a":[{"b":{"constructor":null}}]}', "constructor"],
  ['[0,{"x":"y","prototype":{}}]', "prototype"],
])("a key that reaches into the program is found in %s", (text, key) => {
  expect(findForbiddenKey(parsed(text))).toBe(key);
});

test.each([
  '{"a":"__proto__"}',
  '"{\\"__proto__\\":1}"',
  '{"a":"x,\\"constructor\\":1","b":[",","prototype"]}',
  '{"__proto":1,"constructors":2}',
  "null",
])("text that only looks like one is let through: %s", (text) => {
  expect(findForbiddenKey(parsed(text))).toBeNull();
});
