import { expect, test } from "vitest";
import { boundedError } from "./bounded-error.ts";

const error = { code: "exit", message: "exit code 1", retryable: true };

test("an error of common size stands as it was told", () => {
  expect(boundedError(error)).toEqual(error);
  expect(boundedError({ ...error, details: { exitCode: 1 } })).toEqual({
    ...error,
    details: { exitCode: 1 },
  });
});

test("a message without end is cut", () => {
  expect(boundedError({ ...error, message: "x".repeat(5000) }).message).toBe(
    `${"x".repeat(4096)}…`,
  );
  const half = `${"x".repeat(4095)}\u{1f600}`;
  expect(boundedError({ ...error, message: half }).message).toBe(`${"x".repeat(4095)}\ufffd…`);
});

test("details that are too large to keep are left out", () => {
  expect(boundedError({ ...error, details: ["x".repeat(20_000)] })).toEqual(error);
});
