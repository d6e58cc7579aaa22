import { expect, test } from "vitest";
import { abortError } from "./abort-error.ts";

function aborted(reason: unknown): AbortSignal {
  const controller = new AbortController();
  controller.abort(reason);
  return controller.signal;
}

function timeoutError(message: string): Error {
  const error = new Error(message);
  error.name = "TimeoutError";
  return error;
}

test("a timeout may be tried again, and leaves in doubt what was done", () => {
  expect(abortError(aborted(timeoutError("longer than 1s")))).toEqual({
    code: "timeout",
    message: "longer than 1s",
    retryable: true,
    ambiguous: true,
  });
  expect(abortError(aborted("timeout"))).toMatchObject({ code: "timeout" });
  expect(abortError(aborted({ reason: "timeout" }))).toMatchObject({ code: "timeout" });
});

test("any other end is one that no retry changes", () => {
  expect(abortError(aborted(new Error("fenced")))).toMatchObject({
    code: "cancelled",
    message: "fenced",
    retryable: false,
  });
  expect(abortError(aborted(undefined))).toMatchObject({ code: "cancelled" });
  expect(abortError(aborted("because"))).toMatchObject({ code: "cancelled" });
});

test("what never began leaves nothing in doubt", () => {
  expect(abortError(aborted("timeout"), false).ambiguous).toBeUndefined();
});
