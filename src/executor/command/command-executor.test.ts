import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Json, type JsonObject, isJsonObject } from "../../core/json.ts";
import type { Lease } from "../../core/step/lease.ts";
import type { Outcome } from "../../core/step/outcome.ts";
import { type TestAttempt, eventually, startTestAttempt } from "../test-attempt.ts";
import { createCommandExecutor } from "./command-executor.ts";
import { type CommandOptions, createCommandRunner } from "./command-runner.ts";
import { findProcess, isAlive } from "./process-table.ts";

async function start(input: Json, lease: Partial<Lease> = {}): Promise<TestAttempt> {
  return startTestAttempt({ input, ...lease });
}

function execute(attempt: TestAttempt, options: CommandOptions = {}): Promise<Outcome> {
  return createCommandExecutor(createCommandRunner(options)).execute(
    attempt.lease,
    attempt.context,
  );
}

async function outcomeOf(input: Json, lease: Partial<Lease> = {}): Promise<Outcome> {
  await using attempt = await start(input, lease);
  const outcome = await execute(attempt);
  return outcome;
}

function outputOf(outcome: Outcome): JsonObject {
  if (outcome.kind === "failed") throw new Error(outcome.error.message);
  if (!isJsonObject(outcome.output)) throw new Error("the output is no object");
  return outcome.output;
}

describe("a command that succeeds", () => {
  test("its exit code, its output and its time are the step's output", async () => {
    const outcome = await outcomeOf({ argv: ["/bin/sh", "-c", "echo out; echo err >&2"] });
    expect(outcome).toEqual({
      kind: "succeeded",
      output: { exitCode: 0, stdout: "out\n", stderr: "err\n", durationMs: expect.any(Number) },
    });
  });

  test("its output is read as the step asks for it", async () => {
    expect(outputOf(await outcomeOf({ run: "echo a; echo b", parse: "lines" }))).toMatchObject({
      stdout: "a\nb\n",
      lines: ["a", "b"],
    });
    expect(outputOf(await outcomeOf({ run: `echo '{"n": 1}'`, parse: "json" }))).toMatchObject({
      json: { n: 1 },
    });
  });

  test("long output stands shortened, and is kept whole as an artifact", async () => {
    await using attempt = await start({ run: "seq 100000" });
    const outcome = await execute(attempt);
    const output = outputOf(outcome);
    expect(output).toMatchObject({
      truncated: true,
      artifacts: { stdout: { name: "stdout.log", size: 588_895 } },
    });
    expect(output["stdout"]).toMatch(/^1\n2\n[^]*\[… \d+ bytes …\][^]*\n100000\n$/);
    expect(outcome.artifacts).toMatchObject([
      { name: "stdout.log", mediaType: "text/plain; charset=utf-8" },
    ]);
    expect(attempt.published.get("stdout.log")?.toString()).toMatch(/^1\n2\n[^]*\n100000\n$/);
    expect(JSON.stringify(output).length).toBeLessThan(64 * 1024);
  });

  test("output that is no text is kept byte for byte beside its text", async () => {
    await using attempt = await start({ run: "printf '\\377\\000ok'" });
    const output = outputOf(await execute(attempt));
    expect(output["stdout"]).toBe("\ufffd\0ok");
    expect(output["truncated"]).toBeUndefined();
    expect([...(attempt.published.get("stdout.log") ?? [])]).toEqual([255, 0, 111, 107]);
  });

  test("an output has room in an event, whatever the command prints", async () => {
    const input = { run: "head -c 200000 /dev/zero; head -c 200000 /dev/zero >&2" };
    const output = outputOf(await outcomeOf(input));
    expect(Buffer.byteLength(JSON.stringify(output))).toBeLessThan(64 * 1024);
    const lines = outputOf(await outcomeOf({ run: "seq 5000; seq 90000 >&2", parse: "lines" }));
    expect(Buffer.byteLength(JSON.stringify(lines))).toBeLessThan(64 * 1024);
    expect(lines["lines"]).toHaveLength(5000);
  });

  test("its output is followed live", async () => {
    await using attempt = await start({ run: "echo out; echo err >&2" });
    await execute(attempt);
    expect([attempt.textOf("stdout"), attempt.textOf("stderr")]).toEqual(["out\n", "err\n"]);
  });

  test("it is told which attempt of which step it is", async () => {
    const text = "echo $PLANWRIGHT_PLAN_ID $PLANWRIGHT_STEP_KEY $PLANWRIGHT_ATTEMPT $WHO";
    const output = outputOf(await outcomeOf({ run: text, env: { WHO: "me" } }, { attempt: 3 }));
    expect(output["stdout"]).toBe("pln_1 build 3 me\n");
  });

  test("its process is on record while it runs, and no longer", async () => {
    await using attempt = await start({ run: "true" });
    await execute(attempt);
    expect(attempt.recorded).toHaveLength(1);
    expect(attempt.removed).toEqual(attempt.recorded);
  });
});

async function fullDisk(): Promise<never> {
  throw new Error("the disk is full");
}

describe("a command that fails", () => {
  test("says its exit code and its last words, and may be tried again", async () => {
    const outcome = await outcomeOf({ run: "echo first; seq 20 >&2; exit 2" });
    expect(outcome).toEqual({
      kind: "failed",
      error: {
        code: "exit",
        message: "exit code 2: 16\n17\n18\n19\n20",
        retryable: true,
        details: { exitCode: 2 },
      },
    });
  });

  test("says the end of its stdout where stderr is silent", async () => {
    const outcome = await outcomeOf({ run: "echo wrong; exit 1" });
    expect(outcome).toMatchObject({ error: { message: "exit code 1: wrong" } });
  });

  test("leaves its long output as an artifact", async () => {
    const outcome = await outcomeOf({ run: "seq 20000 >&2; exit 1" });
    expect(outcome.artifacts).toMatchObject([{ name: "stderr.log" }]);
  });

  test("says the signal that ended it, which leaves in doubt what it did", async () => {
    const outcome = await outcomeOf({ run: "kill -KILL $$" });
    expect(outcome).toMatchObject({
      error: { code: "signal", message: "ended by SIGKILL", ambiguous: true, retryable: true },
    });
  });

  test("is not tried again where there is no such program", async () => {
    const error = { code: "command-not-found", retryable: false };
    expect(await outcomeOf({ argv: ["no-such-program"] })).toMatchObject({ kind: "failed", error });
    expect(await outcomeOf({ run: "no-such-program" })).toMatchObject({ kind: "failed", error });
    await using attempt = await start({ argv: ["./script"] });
    await writeFile(join(attempt.folder, "script"), "echo", { mode: 0o644 });
    expect(await execute(attempt)).toMatchObject({ kind: "failed", error });
  });

  test("is not tried again where its input is wrong", async () => {
    expect(await outcomeOf({ argv: "ls" })).toMatchObject({
      error: { code: "invalid-input", pointer: "/argv", retryable: false },
    });
  });

  test("by printing what cannot be read is done again only where that is harmless", async () => {
    const input = { run: "echo nonsense", parse: "json" };
    expect(await outcomeOf(input, { effect: "none" })).toMatchObject({
      error: { code: "output-invalid", retryable: true },
    });
    expect(await outcomeOf(input, { effect: "once" })).toMatchObject({
      error: { code: "output-invalid", retryable: false },
    });
  });

  test("because its output cannot be kept leaves in doubt whether to run it again", async () => {
    await using attempt = await start({ run: "seq 100000" });
    const executor = createCommandExecutor(createCommandRunner());
    expect(
      await executor.execute(attempt.lease, { ...attempt.context, publish: fullDisk }),
    ).toMatchObject({
      kind: "failed",
      error: {
        code: "not-kept",
        message: expect.stringContaining("the disk is full"),
        ambiguous: true,
      },
    });
  });

  test("by its timeout is ended with its whole group, and leaves in doubt what it did", async () => {
    await using attempt = await start({ run: "sleep 1000 & echo $!; wait" });
    const running = execute(attempt);
    await eventually(() => attempt.textOf("stdout") !== "");
    attempt.cut("timeout");
    expect(await running).toMatchObject({
      kind: "failed",
      error: { code: "timeout", ambiguous: true, retryable: true },
    });
    const child = findProcess(Number(attempt.textOf("stdout")));
    expect(child === null || !isAlive(child)).toBe(true);
  });

  test("before it could be begun is known to have done nothing, whatever went wrong", async () => {
    const refused = () => Promise.reject(new Error("the lease has been ended"));
    for (const broken of [{ recordProcess: refused }, { workspace: refused }]) {
      await using attempt = await start({ run: "true" }, { effect: "once" });
      const executor = createCommandExecutor(createCommandRunner());
      expect(await executor.execute(attempt.lease, { ...attempt.context, ...broken })).toEqual({
        kind: "failed",
        error: {
          code: "not-begun",
          message: "nothing was begun: the lease has been ended",
          retryable: true,
        },
      });
    }
  });

  test("by its timeout before it could be begun is tried again without a question", async () => {
    await using attempt = await start({ run: "true" }, { effect: "once" });
    const recordProcess = async () => {
      attempt.cut("timeout");
      throw new Error("the store is full");
    };
    const executor = createCommandExecutor(createCommandRunner());
    const outcome = await executor.execute(attempt.lease, { ...attempt.context, recordProcess });
    expect(outcome).toMatchObject({ error: { code: "timeout", retryable: true } });
    expect(outcome.kind === "failed" && outcome.error.ambiguous).toBeFalsy();
  });

  test("by being cancelled before it began has done nothing", async () => {
    await using attempt = await start({ run: "true" });
    attempt.cut("cancelled");
    const outcome = await execute(attempt);
    expect(outcome).toMatchObject({ error: { code: "cancelled", retryable: false } });
    expect(outcome.kind === "failed" && outcome.error.ambiguous).toBeFalsy();
  });
});

describe("where a command runs", () => {
  test("it runs in its workspace, or in a folder of it", async () => {
    await using attempt = await start({ argv: ["pwd"], cwd: "sub" });
    await mkdir(join(attempt.folder, "sub"));
    expect(outputOf(await execute(attempt))["stdout"]).toBe(`${attempt.folder}/sub\n`);
  });

  test("a folder that is not there is told before anything is spawned", async () => {
    await using attempt = await start({ argv: ["pwd"], cwd: "nowhere" });
    const message = `there is no folder ${attempt.folder}/nowhere`;
    expect(await execute(attempt)).toMatchObject({
      error: { code: "invalid-input", pointer: "/cwd", message },
    });
  });

  test("only an operator's own text may leave the workspace", async () => {
    expect(outputOf(await outcomeOf({ argv: ["pwd"], cwd: "/" }))["stdout"]).toBe("/\n");
    const lease = { origin: { kind: "api", trust: "other" } } as const;
    for (const cwd of ["/", "..", "link"]) {
      await using attempt = await start({ argv: ["pwd"], cwd }, lease);
      await symlink("/", join(attempt.folder, "link"));
      const options = { unsafeExec: true, probe: async () => ({ works: false, why: "" }) as const };
      expect(await execute(attempt, options)).toMatchObject({
        error: { code: "invalid-input", pointer: "/cwd" },
      });
    }
  });
});
