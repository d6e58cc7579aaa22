import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Lease } from "../core/step/lease.ts";
import type { Outcome } from "../core/step/outcome.ts";
import type { Executor } from "../engine/executor.ts";
import { createExecutors } from "./create-executors.ts";
import { type TestAttempt, startTestAttempt } from "./test-attempt.ts";
import { defineTool } from "./tool/define-tool.ts";

function executorsOf(attempt: TestAttempt): readonly Executor[] {
  const tool = defineTool({
    name: "test.write",
    execute: async (_input, { workspace }) => {
      const { folder } = await workspace();
      await writeFile(join(folder, "written"), "by a tool\n");
      return folder;
    },
  });
  return createExecutors({ storeFolder: join(attempt.folder, ".planwright"), tools: [tool] });
}

async function carryOut(attempt: TestAttempt, lease: Partial<Lease>): Promise<Outcome> {
  const merged = { ...attempt.lease, ...lease };
  const { do: kind, owner } = merged.document;
  const capability = kind === "tool" ? `tool:${owner}` : kind;
  const executor = executorsOf(attempt).find((one) => one.capabilities.includes(capability));
  if (executor === undefined) throw new Error(`nobody carries out ${capability}`);
  return executor.execute(merged, attempt.context);
}

test("a worker can carry out commands, checks and every tool", async () => {
  await using attempt = await startTestAttempt();
  const capabilities = executorsOf(attempt).flatMap((executor) => executor.capabilities);
  expect(capabilities).toEqual([
    "command",
    "tool:std.echo",
    "tool:std.sleep",
    "tool:std.fail",
    "tool:std.http",
    "tool:test.write",
    "verify",
  ]);
});

test("two tools of one name are refused when the worker starts", () => {
  const echo = defineTool({ name: "std.echo", execute: (input) => input });
  expect(() => createExecutors({ storeFolder: "/nowhere", tools: [echo] })).toThrow(
    "two tools are called std.echo",
  );
});

test("a step's work, its deliverables, its checks and its changes come with one outcome", async () => {
  await using attempt = await startTestAttempt();
  await writeFile(join(attempt.folder, "notes"), "old\n");
  const outcome = await carryOut(attempt, {
    input: { run: "echo new > notes; pwd" },
    document: {
      do: "command",
      workspace: "copy",
      deliverables: [{ name: "notes", path: "notes" }],
      verify: {
        checks: [
          { expression: "output.exitCode == 0" },
          { command: { argv: ["grep", "${{ output.exitCode == 0 ? 'new' : 'old' }}", "notes"] } },
        ],
      },
    },
  });
  expect(outcome).toMatchObject({
    kind: "succeeded",
    checks: [{ index: 1, passed: true, message: "new" }],
    artifacts: [{ name: "notes" }, { name: "check-1.log" }, { name: "changes.diff" }],
  });
  expect(attempt.published.get("notes")?.toString()).toBe("new\n");
  expect(attempt.published.get("changes.diff")?.toString()).toContain("-old\n+new\n");
  expect(await readFile(join(attempt.folder, "notes"), "utf8")).toBe("old\n");
});

test("what a failed attempt changed in its copy is kept too, and its folder is removed", async () => {
  await using attempt = await startTestAttempt();
  const outcome = await carryOut(attempt, {
    input: { run: "echo half > notes; pwd >&2; exit 1" },
    document: { do: "command", workspace: "copy" },
  });
  expect(outcome).toMatchObject({ kind: "failed", artifacts: [{ name: "changes.diff" }] });
  const folder = attempt.textOf("stderr").trim();
  expect(folder).toContain(".planwright/attempts/");
  expect(existsSync(folder)).toBe(false);
});

test("a workspace that cannot be had fails the attempt for good, with the reason", async () => {
  await using attempt = await startTestAttempt();
  const outcome = await carryOut(attempt, {
    input: { run: "true" },
    document: { do: "command", workspace: "worktree" },
  });
  expect(outcome).toMatchObject({
    kind: "failed",
    error: { code: "workspace-unavailable", retryable: false },
  });
});

test("work in a copy that cannot be told any more is no success", async () => {
  await using attempt = await startTestAttempt();
  const outcome = await carryOut(attempt, {
    input: { run: "rm -rf ../base.git" },
    document: { do: "command", workspace: "copy" },
  });
  expect(outcome).toMatchObject({ kind: "failed", error: { code: "not-kept", ambiguous: true } });
});

test("a tool works in the same folders as a command", async () => {
  await using attempt = await startTestAttempt();
  const outcome = await carryOut(attempt, {
    document: { do: "tool", owner: "test.write", workspace: "copy" },
  });
  expect(outcome).toMatchObject({ kind: "succeeded", artifacts: [{ name: "changes.diff" }] });
  expect(existsSync(join(attempt.folder, "written"))).toBe(false);
});

test("a command of a plan's own folder does not find the repository that the store lies in", async () => {
  await using attempt = await startTestAttempt();
  await carryOut(attempt, { input: { run: "git init -q" } });
  const outcome = await carryOut(attempt, {
    input: { argv: ["git", "rev-parse", "--show-toplevel"] },
    document: { do: "command", workspace: "copy" },
  });
  expect(outcome).toMatchObject({ kind: "failed", error: { code: "exit" } });
});
