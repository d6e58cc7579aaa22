import { expect, test } from "vitest";
import type { Timer } from "../../engine/runtime.ts";
import { startTestAttempt } from "../test-attempt.ts";
import { LiveOutput, type OutputStream } from "./live-output.ts";

/** A clock whose timers ring when told to. */
function manualTimers() {
  const ringing: (() => void)[] = [];
  const setTimer = (_ms: number, callback: () => void): Timer => {
    ringing.push(callback);
    return { cancel: () => undefined, [Symbol.dispose]: () => undefined };
  };
  return { setTimer, ring: () => ringing.splice(0).forEach((callback) => callback()) };
}

function add(live: LiveOutput, stream: OutputStream, ...parts: readonly (string | number)[]): void {
  const bytes = parts.map((part) =>
    typeof part === "string" ? Buffer.from(part) : Buffer.from([part]),
  );
  live.add(stream, Buffer.concat(bytes));
}

async function followed(bytesMax = 1000) {
  const attempt = await startTestAttempt();
  await attempt[Symbol.asyncDispose]();
  const { setTimer, ring } = manualTimers();
  const context = { ...attempt.context, runtime: { ...attempt.context.runtime, setTimer } };
  return { attempt, live: new LiveOutput(context, bytesMax), ring };
}

test("output is told in batches, in the order in which it came", async () => {
  const { attempt, live, ring } = await followed();
  add(live, "stdout", "a");
  add(live, "stdout", "b");
  add(live, "stderr", "c");
  add(live, "stdout", "d");
  expect(attempt.written).toEqual([]);
  ring();
  expect(attempt.written).toEqual([
    { stream: "stdout", text: "ab" },
    { stream: "stderr", text: "c" },
    { stream: "stdout", text: "d" },
  ]);
});

test("a character that was cut in two is told whole", async () => {
  const { attempt, live, ring } = await followed();
  const [first = 0, second = 0, third = 0] = Buffer.from("€");
  add(live, "stdout", "1", first);
  add(live, "stderr", "-");
  ring();
  add(live, "stdout", second, third, "0");
  ring();
  expect(attempt.textOf("stdout")).toBe("1€0");
});

test("what is left is told at the end, and what is no character stays visible", async () => {
  const { attempt, live } = await followed();
  add(live, "stdout", "\u001b[31m\0", 0xe2);
  live[Symbol.dispose]();
  expect(attempt.textOf("stdout")).toBe("\u001b[31m\0\ufffd");
});

test("a flood is followed up to a limit and keeps the attempt alive after it", async () => {
  const { attempt, live } = await followed(10);
  add(live, "stdout", "12345678");
  add(live, "stdout", "90abc");
  add(live, "stdout", "def");
  add(live, "stderr", "err");
  live[Symbol.dispose]();
  expect(attempt.textOf("stdout")).toBe("1234567890\n[more output came and was not followed]\n");
  expect(attempt.textOf("stderr")).toBe("err");
  expect(attempt.beats).toBe(1);
});
