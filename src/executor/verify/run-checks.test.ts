import { describe, expect, test } from "vitest";
import type { CheckDocument } from "../../core/plan/document.ts";
import type { Json } from "../../core/json.ts";
import type { Lease } from "../../core/step/lease.ts";
import { createCommandRunner } from "../command/command-runner.ts";
import { probeSandbox } from "../command/sandbox.ts";
import { startTestAttempt } from "../test-attempt.ts";
import { runChecks } from "./run-checks.ts";
import { createVerifyExecutor } from "./verify-executor.ts";
import { withChecks } from "./with-checks.ts";

const probe = await probeSandbox();
const runner = createCommandRunner({ graceMs: 100 });

async function check(checks: readonly CheckDocument[], output: Json, lease: Partial<Lease> = {}) {
  await using attempt = await startTestAttempt({
    document: { do: "command", verify: { checks } },
    scope: { inputs: { word: "hello" }, plan: {}, step: () => undefined },
    ...lease,
  });
  const report = await runChecks(attempt.lease, output, attempt.context, runner);
  return { report, published: attempt.published };
}

const command = (run: string, more: { timeout?: string } = {}): CheckDocument => ({
  command: { run, ...more },
});

describe("command checks", () => {
  test("say which of a step's checks passed, with their last words", async () => {
    const { report } = await check(
      [{ expression: "true" }, command("echo fine"), command("true")],
      1,
    );
    expect(report).toMatchObject({
      ok: true,
      value: {
        checks: [
          { index: 1, passed: true, exitCode: 0, message: "fine" },
          { index: 2, passed: true, exitCode: 0, message: "exit code 0" },
        ],
      },
    });
  });

  test("say why one failed, and keep all of what it said", async () => {
    const { report, published } = await check([command("seq 9; echo wrong >&2; exit 3")], 1);
    const log = { name: "check-0.log", mediaType: "text/plain; charset=utf-8" };
    expect(report).toMatchObject({
      ok: true,
      value: {
        checks: [{ index: 0, passed: false, exitCode: 3, message: "exit code 3: wrong" }],
        artifacts: [log],
      },
    });
    expect(report.ok && report.value.checks[0]?.artifactId).toBe("art_1");
    expect(published.get("check-0.log")?.toString()).toBe("1\n2\n3\n4\n5\n6\n7\n8\n9\nwrong\n");
  });

  test("see the output as a file and in their expressions", async () => {
    const argv = ["test", "${{ inputs.word + output.name }}", "=", "hello world"];
    const file: CheckDocument = command("cat $PLANWRIGHT_OUTPUT_FILE");
    const { report } = await check([{ command: { argv } }, file], { name: " world" });
    expect(report).toMatchObject({
      value: { checks: [{ passed: true }, { passed: true, message: '{"name":" world"}' }] },
    });
  });

  test("take a constant text as it stands", async () => {
    const { report } = await check([command("test '${{ output }}' = \"\\${{ output }}\"")], "x");
    expect(report).toMatchObject({ value: { checks: [{ passed: true }] } });
  });

  test("that cannot be run have not been passed", async () => {
    const checks: readonly CheckDocument[] = [
      { command: { argv: ["no-such-program"] } },
      { command: { argv: ["test", "${{ output.missing }}"] } },
      { command: { argv: ["test", "${{ output }}"] } },
    ];
    const { report } = await check(checks, { list: [] });
    expect(report).toMatchObject({
      ok: true,
      value: { checks: [{ passed: false }, { passed: false }, { passed: false }] },
    });
    const messages = report.ok ? report.value.checks.map(({ message }) => message) : [];
    expect(messages[0]).toContain('there is no program "no-such-program"');
    expect(messages[2]).toContain("an argument is a text, a number or true/false");
  });

  test("that take too long have not been passed, and the others are still run", async () => {
    const { report } = await check(
      [command("sleep 1000", { timeout: "50ms" }), command("true")],
      1,
    );
    expect(report).toMatchObject({
      ok: true,
      value: { checks: [{ passed: false, message: "took longer than 50ms" }, { passed: true }] },
    });
  });

  test("that may not run at all fail the attempt", async () => {
    await using attempt = await startTestAttempt({
      document: { do: "command", verify: { checks: [command("true")] } },
      origin: { kind: "api", trust: "other" },
    });
    const none = createCommandRunner({ probe: async () => ({ works: false, why: "none" }) });
    const report = await runChecks(attempt.lease, 1, attempt.context, none);
    expect(report).toMatchObject({ ok: false, error: { code: "sandbox-missing" } });
  });

  test("end with the attempt", async () => {
    await using attempt = await startTestAttempt({
      document: { do: "command", verify: { checks: [command("echo up; sleep 1000")] } },
    });
    const context = { ...attempt.context, write: () => attempt.cut("timeout") };
    const report = await runChecks(attempt.lease, 1, context, runner);
    expect(report).toMatchObject({ ok: false, error: { code: "timeout", ambiguous: true } });
  });
});

test.skipIf(!probe.works)("checks in a sandbox see the output that they judge", async () => {
  const origin = { kind: "api", trust: "other" } as const;
  const { report } = await check([command("cat $PLANWRIGHT_OUTPUT_FILE")], [1], { origin });
  expect(report).toMatchObject({ value: { checks: [{ passed: true, message: "[1]" }] } });
});

describe("a step with checks", () => {
  test("carries what they found with its success, and runs none where it failed", async () => {
    await using attempt = await startTestAttempt({
      document: { do: "command", verify: { checks: [command("echo checked")] } },
    });
    const { lease, context } = attempt;
    const good = withChecks(
      { capabilities: [], execute: async () => ({ kind: "succeeded", output: 1 }) },
      runner,
    );
    expect(await good.execute(lease, context)).toMatchObject({
      kind: "succeeded",
      output: 1,
      checks: [{ index: 0, passed: true, message: "checked" }],
      artifacts: [{ name: "check-0.log" }],
    });
    const error = { code: "exit", message: "", retryable: true };
    const bad = withChecks(
      { capabilities: [], execute: async () => ({ kind: "failed", error }) },
      runner,
    );
    expect(await bad.execute(lease, context)).toEqual({ kind: "failed", error });
  });

  test("may be nothing else: its subject, or all that it is given, is what is judged", async () => {
    const checks = [command("cat $PLANWRIGHT_OUTPUT_FILE"), { expression: "output > 1" }];
    const verify = createVerifyExecutor(runner);
    for (const [input, said] of [
      [{ subject: 2 }, "2"],
      [{ other: 2 }, '{"other":2}'],
      [null, "null"],
    ] as const) {
      const document = { do: "verify", verify: { checks } } as const;
      await using attempt = await startTestAttempt({ document, input });
      expect(await verify.execute(attempt.lease, attempt.context)).toMatchObject({
        kind: "succeeded",
        output: { checks: 2 },
        checks: [{ index: 0, passed: true, message: said }],
      });
    }
  });
});
