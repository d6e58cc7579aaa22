import { parseDuration } from "../../core/duration.ts";
import { type Json, type JsonObject, isJsonObject } from "../../core/json.ts";
import { defineTool } from "./define-tool.ts";
import { type HttpToolOptions, createHttpTool } from "./http/http-tool.ts";
import { ToolError } from "./tool-error.ts";
import type { Tool } from "./tool.ts";

const echo = defineTool({
  name: "std.echo",
  description: "Gives back what it is given.",
  effect: "none",
  execute: (input) => input,
});

/** As long as a timer can be told at once. */
const SLEEP_MS_MAX = 2 ** 31 - 1;

const sleep = defineTool({
  name: "std.sleep",
  description: "Waits: { ms: 500 } or { for: 1s }. A `wait` step waits without holding a worker.",
  effect: "none",
  input: {
    type: "object",
    properties: {
      ms: { type: "number", minimum: 0, maximum: SLEEP_MS_MAX },
      for: { type: "string" },
    },
    additionalProperties: false,
    minProperties: 1,
    maxProperties: 1,
  },
  execute: async (input, { runtime, signal }) => {
    const ms = sleepMs(membersOf(input));
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const onAbort = (): void => reject(new Error("the sleep was aborted"));
    signal.addEventListener("abort", onAbort);
    using _timer = runtime.setTimer(ms, resolve);
    if (signal.aborted) onAbort();
    await promise.finally(() => signal.removeEventListener("abort", onAbort));
    return { sleptMs: ms };
  },
});

function sleepMs({ ms, for: text }: JsonObject): number {
  if (typeof ms === "number") return ms;
  const parsed = typeof text === "string" ? parseDuration(text) : null;
  if (parsed !== null && parsed <= SLEEP_MS_MAX) return parsed;
  const message = `\`for\` is a duration such as 1s or 5m, not ${JSON.stringify(text)}`;
  throw new ToolError(message, { code: "invalid-input", retryable: false });
}

const fail = defineTool({
  name: "std.fail",
  description: "Fails: always, or on the first `times` attempts only. For trying out retries.",
  effect: "none",
  input: {
    type: "object",
    properties: {
      message: { type: "string" },
      times: { type: "integer", minimum: 0 },
      retryable: { type: "boolean" },
    },
    additionalProperties: false,
  },
  execute: (input, { attempt }) => {
    const { message, times, retryable } = membersOf(input);
    if (typeof times === "number" && attempt > times) return { attempt };
    throw new ToolError(typeof message === "string" ? message : "std.fail was asked to fail", {
      code: "asked-to-fail",
      retryable: retryable !== false,
    });
  },
});

function membersOf(input: Json): JsonObject {
  return isJsonObject(input) ? input : {};
}

/** The tools that every plan can call, with what `std.http` may reach here besides public hosts. */
export function createStandardTools(options: HttpToolOptions = {}): readonly Tool[] {
  return [echo, sleep, fail, createHttpTool(options)];
}

/** The tools that every plan can call. */
export const STANDARD_TOOLS: readonly Tool[] = createStandardTools();
