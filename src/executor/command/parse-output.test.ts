import { expect, test } from "vitest";
import { parseOutput } from "./parse-output.ts";

function parse(text: string, how: "text" | "lines" | "json", room = 1000) {
  const bytes = Buffer.from(text);
  return parseOutput({ bytes, total: bytes.length, cut: false }, how, room);
}

test("stdout is read as lines, of either kind, the last one ended or not", () => {
  expect(parse("a\r\nb\n\nc\n", "lines")).toEqual({
    ok: true,
    value: { lines: ["a", "b", "", "c"] },
  });
  expect(parse("a\nb", "lines")).toEqual({ ok: true, value: { lines: ["a", "b"] } });
  expect(parse("", "lines")).toEqual({ ok: true, value: { lines: [] } });
  expect(parse("a\nb", "text")).toEqual({ ok: true, value: {} });
});

test("stdout is read as JSON", () => {
  expect(parse(' {"a": [1, null]}\n', "json")).toEqual({
    ok: true,
    value: { json: { a: [1, null] } },
  });
});

test.each([
  ["", "stdout is empty, not JSON"],
  ["{", "stdout is not JSON"],
  ['{"__proto__": 1}', "/__proto__ has a key that is refused everywhere"],
  ['["\\ud800"]', "/0 is not well-formed text"],
  ['"' + "x".repeat(1000) + '"', "stdout takes 1011 bytes as json, and 1000 have room"],
  ["[".repeat(100) + "]".repeat(100), "is nested deeper than 64 levels"],
])("stdout that cannot be kept as JSON fails the attempt: %#", (text, message) => {
  const parsed = parse(text, "json");
  expect(parsed).toMatchObject({ ok: false, error: { code: "output-invalid", retryable: false } });
  expect(parsed.ok ? "" : parsed.error.message).toContain(message);
});

test("stdout that was cut is not read as anything", () => {
  const cut = { bytes: Buffer.from("1"), total: 2_000_000, cut: true };
  expect(parseOutput(cut, "json", 1000)).toMatchObject({ ok: false });
  expect(parseOutput(cut, "text", 1000)).toMatchObject({ ok: true });
});
