import { expect, test } from "vitest";
import type { Json } from "../../core/json.ts";
import type { Lease } from "../../core/step/lease.ts";
import type { Timer } from "../../engine/runtime.ts";
import { startTestAttempt } from "../test-attempt.ts";
import { STANDARD_TOOLS } from "./standard-tools.ts";
import { createToolExecutor } from "./tool-executor.ts";
import { effectsOf } from "./tool.ts";

/** Timers that ring at once, and remember for how long they were set. */
const set: number[] = [];
function setTimer(ms: number, callback: () => void): Timer {
  set.push(ms);
  queueMicrotask(callback);
  return { cancel: () => undefined, [Symbol.dispose]: () => undefined };
}

async function call(owner: string, input: Json, lease: Partial<Lease> = {}) {
  await using attempt = await startTestAttempt({
    input,
    document: { do: "tool", owner },
    ...lease,
  });
  const runtime = { ...attempt.context.runtime, setTimer };
  const executor = createToolExecutor(STANDARD_TOOLS);
  const outcome = await executor.execute(attempt.lease, { ...attempt.context, runtime });
  return outcome;
}

test("std.echo gives back what it is given", async () => {
  for (const input of [null, "x", [1, { a: null }]]) {
    expect(await call("std.echo", input)).toEqual({ kind: "succeeded", output: input });
  }
});

test("std.sleep sleeps for as long as it is told, in either way of saying it", async () => {
  set.length = 0;
  expect(await call("std.sleep", { ms: 250 })).toMatchObject({ output: { sleptMs: 250 } });
  expect(await call("std.sleep", { for: "1m30s" })).toMatchObject({ output: { sleptMs: 90_000 } });
  expect(set).toEqual([250, 90_000]);
});

test("std.sleep ends when its attempt does", async () => {
  await using attempt = await startTestAttempt({
    input: { for: "1d" },
    document: { do: "tool", owner: "std.sleep" },
  });
  const sleeping = createToolExecutor(STANDARD_TOOLS).execute(attempt.lease, attempt.context);
  attempt.cut("timeout");
  expect(await sleeping).toMatchObject({ kind: "failed", error: { code: "timeout" } });
});

test("std.sleep refuses what is no time to sleep", async () => {
  for (const input of [
    null,
    {},
    { ms: -1 },
    { ms: "1" },
    { for: "soon" },
    { ms: 1, for: "1s" },
    { ms: 1e12 },
  ]) {
    expect(await call("std.sleep", input)).toMatchObject({
      error: { code: "invalid-input", retryable: false },
    });
  }
});

test("std.fail fails, on every attempt or on the first ones", async () => {
  expect(await call("std.fail", {}, { attempt: 9 })).toMatchObject({
    error: { code: "asked-to-fail", message: "std.fail was asked to fail", retryable: true },
  });
  const input = { message: "not yet", times: 2 };
  expect(await call("std.fail", input, { attempt: 2 })).toMatchObject({
    error: { message: "not yet" },
  });
  expect(await call("std.fail", input, { attempt: 3 })).toEqual({
    kind: "succeeded",
    output: { attempt: 3 },
  });
  expect(await call("std.fail", { retryable: false })).toMatchObject({
    error: { retryable: false },
  });
});

test("what a crash in the middle of a standard tool means is declared", () => {
  expect([...effectsOf(STANDARD_TOOLS)]).toEqual([
    ["std.echo", "none"],
    ["std.sleep", "none"],
    ["std.fail", "none"],
    ["std.http", "once"],
  ]);
});
