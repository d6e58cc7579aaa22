import { execFileSync } from "node:child_process";
import {
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { eventually, startTestAttempt } from "../test-attempt.ts";
import type { CommandInput } from "./command-input.ts";
import { createCommandRunner } from "./command-runner.ts";
import { commandPlan, inSandbox, probeSandbox } from "./sandbox.ts";

const works = { works: true, program: "bwrap" } as const;
const missing = { works: false, why: "there is no program bwrap" } as const;
const operator = { trust: "operator" } as const;
const other = { trust: "other" } as const;
const probe = await probeSandbox();

describe("who may run commands how", () => {
  test("an operator's own text runs as the operator, sandbox or not", () => {
    expect(commandPlan(operator, works, false)).toEqual({ kind: "direct" });
    expect(commandPlan(operator, missing, false)).toEqual({ kind: "direct" });
  });

  test("any other text runs in a sandbox where one works, whatever else is allowed", () => {
    expect(commandPlan(other, works, false)).toEqual({ kind: "sandbox", program: "bwrap" });
    expect(commandPlan(other, works, true)).toEqual({ kind: "sandbox", program: "bwrap" });
  });

  test("without a sandbox any other text runs only where the operator allows it", () => {
    expect(commandPlan(other, missing, true)).toEqual({ kind: "direct" });
    expect(commandPlan(other, missing, false)).toMatchObject({
      kind: "refused",
      error: { code: "sandbox-missing", retryable: false },
    });
  });

  test("a refusal says why, and what would help", () => {
    const plan = commandPlan(other, missing, false);
    const message = plan.kind === "refused" ? plan.error.message : "";
    expect(message).toContain("there is no program bwrap");
    expect(message).toContain("install bubblewrap");
    expect(message).toContain("--unsafe-exec");
  });
});

const shell = (script: string): CommandInput => ({
  argv: ["/bin/sh", "-c", script],
  shell: true,
  cwd: null,
  env: {},
  stdin: null,
  parse: "text",
});

test("a command of another's text is not spawned without a sandbox", async () => {
  await using attempt = await startTestAttempt({ origin: { kind: "api", trust: "other" } });
  const runner = createCommandRunner({ probe: async () => missing });
  const ran = await runner.run(shell("touch began"), attempt.lease, attempt.context);
  expect(ran).toMatchObject({ ok: false, error: { code: "sandbox-missing" } });
  expect(attempt.recorded).toEqual([]);
});

test("a program that cannot be started is no sandbox", async () => {
  expect(await probeSandbox("no-such-sandbox")).toEqual({
    works: false,
    why: "there is no program no-such-sandbox",
  });
  expect(await probeSandbox("false")).toMatchObject({ works: false });
});

function isAnybodyRunning(words: string): boolean {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.some((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(words);
    } catch {
      return false;
    }
  });
}

describe.skipIf(!probe.works)("what a sandboxed command can do", () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "planwright-test-")));
  const outside = realpathSync(mkdtempSync(join(tmpdir(), "planwright-test-")));
  writeFileSync(join(outside, "secret"), "secret");
  afterAll(() => {
    rmSync(folder, { recursive: true });
    rmSync(outside, { recursive: true });
  });

  function run(script: string, files: readonly string[] = []): string {
    const program = probe.works ? probe.program : "";
    const view = { workspace: folder, cwd: folder, files };
    const [file = "", ...args] = inSandbox(["/bin/sh", "-c", `{ ${script}; } 2>&1`], program, view);
    try {
      return execFileSync(file, args, { encoding: "utf8", env: { PATH: "/usr/bin:/bin" } }).trim();
    } catch (error) {
      return error instanceof Error ? String(Reflect.get(error, "stdout")).trim() : "";
    }
  }

  test("it works in its workspace", () => {
    expect(run("pwd; echo kept > file; cat file")).toBe(`${folder}\nkept`);
    expect(execFileSync("cat", [join(folder, "file")], { encoding: "utf8" })).toBe("kept\n");
  });

  test("it sees none of the machine's other files", () => {
    expect(run(`cat ${outside}/secret || echo none`)).toMatch(/none$/);
    expect(run("ls /root /home /etc/shadow /var || echo none")).toMatch(/none$/);
    expect(run("echo x > /usr/written || echo none")).toMatch(/none$/);
  });

  test("it can read the single files that it is shown, and not change them", () => {
    const file = join(outside, "secret");
    expect(run(`cat ${file}`, [file])).toBe("secret");
    expect(run(`echo x > ${file} || echo none`, [file])).toMatch(/none$/);
  });

  test("it sees no processes but its own, and reaches none", () => {
    expect(run("ls -d /proc/[0-9]* | wc -l").length).toBeLessThan(2);
    expect(run(`kill -0 ${process.pid} && echo reached || echo none`)).toMatch(/none$/);
  });

  test("it has no network but its own", () => {
    expect(run("cat /proc/net/dev | grep -c :")).toBe("1");
    expect(run("cat /proc/net/route | wc -l")).toBe("1");
  });

  test("it has no capabilities", () => {
    expect(run("grep CapEff /proc/self/status")).toMatch(/^CapEff:\s+0+$/);
  });

  test("a command of another's text runs in it, with its output and its exit code", async () => {
    const origin = { kind: "api", trust: "other" } as const;
    await using attempt = await startTestAttempt({ origin });
    const runner = createCommandRunner();
    const script = "echo out; echo $HOME $PLANWRIGHT_STEP_KEY; echo kept > file; exit 4";
    const ran = await runner.run(shell(script), attempt.lease, attempt.context);
    expect(ran).toMatchObject({ ok: true, value: { exitCode: 4 } });
    expect(ran.ok ? ran.value.stdout.bytes.toString() : "").toBe("out\n/tmp build\n");
    expect(execFileSync("cat", [join(attempt.folder, "file")], { encoding: "utf8" })).toBe(
      "kept\n",
    );
  });

  test("an aborted command in it ends, with all that it started", async () => {
    await using attempt = await startTestAttempt({ origin: { kind: "api", trust: "other" } });
    const runner = createCommandRunner({ graceMs: 100 });
    const context = {
      ...attempt.context,
      write: () => attempt.cut("cancelled"),
    };
    const script = "trap '' TERM; setsid sleep 4711.25 & echo up; wait";
    const ran = await runner.run(shell(script), attempt.lease, context);
    expect(ran).toMatchObject({ ok: true, value: { aborted: true } });
    await eventually(() => !isAnybodyRunning("sleep\u00004711.25"));
  });
});
