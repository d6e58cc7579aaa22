import { describe, expect, test } from "vitest";
import type { Lease } from "../../core/step/lease.ts";
import { type TestAttempt, startTestAttempt } from "../test-attempt.ts";
import { defineTool } from "./define-tool.ts";
import { ToolError } from "./tool-error.ts";
import { createToolExecutor } from "./tool-executor.ts";
import type { Tool, ToolContext } from "./tool.ts";

function start(lease: Partial<Lease> = {}): Promise<TestAttempt> {
  return startTestAttempt({ document: { do: "tool", owner: "test.tool" }, ...lease });
}

function toolOf(execute: (context: ToolContext) => unknown): Tool {
  return defineTool({ name: "test.tool", execute: (_input, context) => execute(context) });
}

async function outcomeOf(execute: (context: ToolContext) => unknown, lease: Partial<Lease> = {}) {
  await using attempt = await start(lease);
  const executor = createToolExecutor([toolOf(execute)], { graceMs: 10 });
  const outcome = await executor.execute(attempt.lease, attempt.context);
  return outcome;
}

function fail(error: unknown): never {
  throw error;
}

function told(lease: Partial<Lease>) {
  return outcomeOf(
    ({ planId, stepKey, attempt, idempotencyKey }) => [planId, stepKey, attempt, idempotencyKey],
    lease,
  );
}

describe("what a tool is told", () => {
  test("it is told what it works for, with a key that no retry changes", async () => {
    const [first, second, loop] = [
      await told({ attempt: 1 }),
      await told({ attempt: 2 }),
      await told({ loop: 1 }),
    ];
    expect(first).toMatchObject({
      output: ["pln_1", "build", 1, expect.stringMatching(/^[0-9a-f]{64}$/)],
    });
    const keyOf = (outcome: typeof first) =>
      outcome.kind === "succeeded" && Array.isArray(outcome.output) ? outcome.output[3] : null;
    expect(keyOf(second)).toBe(keyOf(first));
    expect(keyOf(loop)).not.toBe(keyOf(first));
  });

  test("what it notes is followed, and what it publishes comes with its outcome", async () => {
    await using attempt = await start();
    const executor = createToolExecutor([
      toolOf(async ({ note, publish, heartbeat }) => {
        note("half way");
        heartbeat();
        const { sha256 } = await publish({
          name: "page.html",
          content: "<p>",
          mediaType: "text/html",
        });
        return sha256;
      }),
    ]);
    const outcome = await executor.execute(attempt.lease, attempt.context);
    expect(outcome).toMatchObject({
      kind: "succeeded",
      artifacts: [{ name: "page.html", size: 3 }],
    });
    expect(attempt.textOf("note")).toBe("half way\n");
    expect(attempt.beats).toBe(1);
  });
});

describe("a tool that fails", () => {
  test("by any error may be tried again", async () => {
    expect(await outcomeOf(() => fail(new TypeError("no luck")))).toEqual({
      kind: "failed",
      error: { code: "tool-failed", message: "TypeError: no luck", retryable: true },
    });
    expect(await outcomeOf(() => fail("just a text"))).toMatchObject({
      error: { message: "just a text", retryable: true },
    });
  });

  test("has failed, and is in no doubt, also where its effect happens once: it says so itself", async () => {
    const outcome = await outcomeOf(() => fail(new Error("no such account")), { effect: "once" });
    expect(outcome).toEqual({
      kind: "failed",
      error: { code: "tool-failed", message: "Error: no such account", retryable: true },
    });
  });

  test("by a time limit of its own leaves in doubt whether it took effect", async () => {
    for (const name of ["TimeoutError", "AbortError"]) {
      const error = new DOMException("too slow", name);
      expect(await outcomeOf(() => fail(error))).toEqual({
        kind: "failed",
        error: {
          code: "tool-failed",
          message: `${name}: too slow`,
          retryable: true,
          ambiguous: true,
        },
      });
    }
  });

  test("says how, if it wants to", async () => {
    const error = new ToolError("quota is used up", {
      code: "quota",
      retryable: false,
      ambiguous: true,
      details: { left: 0 },
    });
    expect(await outcomeOf(() => fail(error))).toEqual({
      kind: "failed",
      error: {
        code: "quota",
        message: "quota is used up",
        retryable: false,
        ambiguous: true,
        details: { left: 0 },
      },
    });
    const final = Object.assign(new Error("for good"), { retryable: false });
    expect(await outcomeOf(() => fail(final))).toMatchObject({ error: { retryable: false } });
  });

  test("keeps what it had published", async () => {
    const outcome = await outcomeOf(async ({ publish }) => {
      await publish({ name: "trace", content: "x" });
      throw new Error("late");
    });
    expect(outcome).toMatchObject({ kind: "failed", artifacts: [{ name: "trace" }] });
  });
});

describe("a tool whose attempt is cut short", () => {
  test("is told by its signal", async () => {
    await using attempt = await start();
    const tool = toolOf(({ signal }) => {
      attempt.cut("timeout");
      signal.throwIfAborted();
    });
    const outcome = await createToolExecutor([tool]).execute(attempt.lease, attempt.context);
    expect(outcome).toMatchObject({ error: { code: "timeout", ambiguous: true, retryable: true } });
  });

  test("is left behind where it does not listen", async () => {
    await using attempt = await start();
    const tool = toolOf(() => {
      attempt.cut("cancelled");
      return new Promise(() => undefined);
    });
    const executor = createToolExecutor([tool], { graceMs: 1 });
    expect(await executor.execute(attempt.lease, attempt.context)).toMatchObject({
      kind: "failed",
      error: { code: "cancelled" },
    });
  });

  test("may still end well: whether that counts is not for it to say", async () => {
    await using attempt = await start();
    const tool = toolOf(() => {
      attempt.cut("cancelled");
      return 1;
    });
    const outcome = await createToolExecutor([tool]).execute(attempt.lease, attempt.context);
    expect(outcome).toEqual({ kind: "succeeded", output: 1 });
  });
});

test("a tool that is not there is told by name", async () => {
  expect(await outcomeOf(() => 1, { document: { do: "tool", owner: "other.tool" } })).toMatchObject(
    {
      error: {
        code: "unknown-tool",
        message: 'this worker has no tool "other.tool"',
        retryable: false,
      },
    },
  );
  expect(await outcomeOf(() => 1, { document: { do: "tool" } })).toMatchObject({
    error: { message: "a step with `do: tool` names its tool by `owner`" },
  });
});
