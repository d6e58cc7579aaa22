import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { StepDocument } from "../../core/plan/document.ts";
import type { Executor } from "../../engine/executor.ts";
import { startTestAttempt } from "../test-attempt.ts";
import { publishDeliverables } from "./deliverables.ts";
import { withDeliverables } from "./with-deliverables.ts";

const attempt = await startTestAttempt();
const { folder, context } = attempt;
let outside: string;

beforeAll(async () => {
  outside = await mkdtemp(join(tmpdir(), "planwright-test-"));
  await writeFile(join(outside, "secret"), "secret");
  await mkdir(join(folder, "out"));
  await writeFile(join(folder, "out", "report.md"), "# Report\n");
  await symlink("out/report.md", join(folder, "inner"));
  await symlink(join(outside, "secret"), join(folder, "outer"));
  await symlink(outside, join(folder, "elsewhere"));
  await mkdir(join(folder, "data"));
  for (const name of ["plans.db", "plans.lock.db"]) await writeFile(join(folder, "data", name), "");
  execFileSync("/bin/sh", ["-c", 'exec mkfifo "$1"', "sh", join(folder, "pipe")]);
});
afterAll(async () => {
  await rm(outside, { recursive: true });
  await attempt[Symbol.asyncDispose]();
});

test("the files that a step owes are kept as artifacts", async () => {
  const deliverables = [
    { name: "report", path: "out/report.md", mediaType: "text/markdown" },
    { name: "again", path: "inner" },
  ];
  expect(await publishDeliverables(deliverables, folder, context)).toMatchObject({
    ok: true,
    value: [
      { name: "report", mediaType: "text/markdown", size: 9 },
      { name: "again", size: 9 },
    ],
  });
  expect(attempt.published.get("again")?.toString()).toBe("# Report\n");
});

test.each([
  ["missing.md", "there is no such file"],
  ["out", "it is not a file"],
  ["pipe", "it is not a file"],
  ["outer", "it lies outside the workspace"],
  ["elsewhere/secret", "it lies outside the workspace"],
  ["../../../../../../etc/passwd", "it lies outside the workspace"],
  ["/etc/passwd", "it lies outside the workspace"],
  ["data/plans.db", "it belongs to a store"],
  ["data/plans.lock.db", "it belongs to a store"],
])("%s is no deliverable: %s", async (path, why) => {
  const published = await publishDeliverables([{ name: "report", path }], folder, context);
  expect(published).toMatchObject({
    ok: false,
    error: {
      code: "deliverable-missing",
      pointer: "/deliverables/0",
      message: `the deliverable "report" is missing at ${JSON.stringify(path)}: ${why}`,
    },
  });
});

const executor: Executor = {
  capabilities: ["command"],
  execute: async () => ({ kind: "succeeded", output: 1 }),
};

function owes(path: string): StepDocument {
  return { do: "command", deliverables: [{ name: "report", path }] };
}

test("a success includes the deliverables, and without one it is a failure", async () => {
  const { lease } = attempt;
  const complete = withDeliverables(executor);
  expect(await complete.execute({ ...lease, document: owes("inner") }, context)).toMatchObject({
    kind: "succeeded",
    output: 1,
    artifacts: [{ name: "report" }],
  });
  const missing = { ...lease, document: owes("none") };
  expect(await complete.execute(missing, context)).toMatchObject({
    kind: "failed",
    error: { code: "deliverable-missing", retryable: true },
  });
  expect(await complete.execute({ ...missing, effect: "once" }, context)).toMatchObject({
    error: { retryable: false },
  });
});
