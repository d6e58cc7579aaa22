import { execFile } from "node:child_process";
import { cpSync, globSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { afterAll, expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "..");
const execute = promisify(execFile);

/** Examples run in a small repository of their own: some read its history, some write beside it. */
const folder = mkdtempSync(join(tmpdir(), "planwright-examples-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const PLANS = globSync("examples/**/*plan.yaml", { cwd: ROOT }).toSorted();
const PROGRAMS = globSync("examples/*.ts", { cwd: ROOT }).toSorted();

/** What each plan file is run with; one that is missing here fails. */
const RUNS: Readonly<Record<string, readonly string[]>> = {
  "examples/hello.plan.yaml": ["--input", "name=Ada"],
  "examples/release-notes.plan.yaml": ["--approve", "--input", "version=2.4"],
  "examples/repository-report/plan.yaml": ["--approve"],
};

test.each(PLANS)("%s runs to its end", async (file) => {
  const args = RUNS[file];
  expect(args, `${file} needs its arguments here`).toBeDefined();
  const cwd = await makeRepository();
  let ran = await planwright(cwd, ["run", file, "--json", ...(args ?? [])]);
  for (let answers = 0; ran.code === 5 && answers < 5; answers += 1) {
    const { requests } = JSON.parse(ran.stdout) as { requests: readonly { id: string }[] };
    const [request] = requests;
    ran = await planwright(cwd, ["request", "approve", request?.id ?? "", "--watch", "--json"]);
  }
  expect(ran.stderr).not.toContain("fault");
  expect(JSON.parse(ran.stdout)).toMatchObject({ plan: { status: "completed" } });
});

test.each(PROGRAMS)("%s runs to its end", async (file) => {
  const args = ["--conditions=source", join(ROOT, file)];
  const { stdout } = await execute(process.execPath, args, { cwd: folder });
  expect(stdout).toMatch(/^completed: /);
});

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function planwright(cwd: string, args: readonly string[]): Promise<Ran> {
  const main = join(ROOT, "src", "cli", "main.ts");
  const all = ["--conditions=source", main, ...args];
  try {
    return { code: 0, ...(await execute(process.execPath, all, { cwd })) };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, stdout, stderr };
  }
}

/** As much of this repository as examples look at, with a history of one commit. */
async function makeRepository(): Promise<string> {
  const cwd = mkdtempSync(join(folder, "repository-"));
  for (const name of ["examples", "src/engine", "LICENSE"]) {
    cpSync(join(ROOT, name), join(cwd, name), { recursive: true });
  }
  const identity = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"];
  await execute("git", ["init", "--quiet"], { cwd });
  await execute("git", ["add", "."], { cwd });
  await execute("git", [...identity, "commit", "--quiet", "--message", "Begin"], { cwd });
  return cwd;
}
