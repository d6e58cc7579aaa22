import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createSystemRuntime } from "../../engine/system-runtime.ts";
import { eventually } from "../test-attempt.ts";
import { findGroup, findProcess, isAlive } from "./process-table.ts";
import { type CommandEnd, type CommandRun, runCommand } from "./run-command.ts";

/** A language that waits for any child, whoever started it. */
const PYTHON =
  ["/usr/bin/python3", "/usr/local/bin/python3"].find((path) => existsSync(path)) ?? null;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "planwright-test-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function run(argv: readonly string[], options: Partial<CommandRun> = {}): Promise<CommandEnd> {
  return runCommand({
    argv,
    cwd: folder,
    env: { PATH: process.env["PATH"] ?? "" },
    signal: new AbortController().signal,
    graceMs: 5000,
    outputBytesMax: 1024 * 1024,
    runtime: createSystemRuntime(),
    recordProcess: async () => undefined,
    removeProcess: async () => undefined,
    ...options,
  });
}

const sh = (script: string, options: Partial<CommandRun> = {}): Promise<CommandEnd> =>
  run(["/bin/sh", "-c", script], options);

function isRunning(pid: number): boolean {
  const entry = findProcess(pid);
  return entry !== null && isAlive(entry);
}

/** A pid that a command has written down. */
async function pidIn(file: string): Promise<number> {
  const path = join(folder, file);
  const read = (): string => {
    try {
      return readFileSync(path, "utf8");
    } catch {
      return "";
    }
  };
  await eventually(() => /^\d+\n$/.test(read()));
  return Number(read());
}

describe("what a command is", () => {
  test("a command gets its words as they stand, whatever is in them", async () => {
    const words = [
      "a b",
      "",
      "'single'",
      '"double"',
      "line\nbreak",
      "$HOME `id` $(id)",
      "*",
      "-n",
      "ü€😀",
    ];
    const script = "process.stdout.write(JSON.stringify(process.argv.slice(1)))";
    const end = await run([process.execPath, "-e", script, "--", ...words]);
    expect(JSON.parse(end.stdout.bytes.toString())).toEqual(words);
    expect(end.exitCode).toBe(0);
  });

  test("the exit code and the signal of a command pass through", async () => {
    expect(await sh("exit 7")).toMatchObject({ exitCode: 7, signal: null, begun: true });
    expect(await sh("kill -SEGV $$")).toMatchObject({ exitCode: null, signal: "SIGSEGV" });
    expect(await run(["true"])).toMatchObject({ exitCode: 0, signal: null, aborted: false });
  });

  test("a command sees the environment that it is given and no other", async () => {
    const end = await run(["env"], { env: { PATH: process.env["PATH"] ?? "", GIVEN: "1\n2" } });
    const names = end.stdout.bytes.toString().match(/^[A-Za-z_]+(?==)/gm);
    // Some shells say where they are.
    expect(new Set(names).difference(new Set(["PWD", "OLDPWD", "SHLVL", "_"]))).toEqual(
      new Set(["PATH", "GIVEN"]),
    );
  });

  test("a command holds no file of its worker but its three streams", async () => {
    const end = await sh("ls /proc/self/fd; true");
    // 3 is the folder that `ls` looks into. Numbers from 10 on came to the worker from outside.
    const numbers = end.stdout.bytes
      .toString()
      .split("\n")
      .filter((name) => /^\d$/.test(name));
    expect(numbers).toEqual(["0", "1", "2", "3"]);
  });

  test("a command reads the text that it is given, and otherwise nothing", async () => {
    const text = "x".repeat(300_000);
    expect((await run(["cat"], { stdin: text })).stdout.bytes.toString()).toBe(text);
    expect((await run(["cat", "/dev/stdin"], { stdin: "named" })).stdout.bytes.toString()).toBe(
      "named",
    );
    expect((await run(["cat"])).stdout.total).toBe(0);
    expect(await run(["true"], { stdin: text })).toMatchObject({ exitCode: 0 });
  });

  test("a command can open its output by name", async () => {
    const end = await sh("echo out > /dev/stdout; echo err > /dev/stderr");
    expect(end.stdout.bytes.toString()).toBe("out\n");
    expect(end.stderr.bytes.toString()).toBe("err\n");
  });

  test.skipIf(PYTHON === null)(
    "a command that waits for all its children does not wait for what is ours",
    async () => {
      const script = "import os\ntry:\n  os.wait()\nexcept ChildProcessError:\n  print('none')";
      const end = await run([PYTHON ?? "", "-c", script], { signal: AbortSignal.timeout(10_000) });
      expect(end.stdout.bytes.toString()).toBe("none\n");
    },
  );

  test("what cannot be spawned is told as a fault", async () => {
    await expect(run(["true"], { cwd: join(folder, "nowhere") })).rejects.toMatchObject({
      message: expect.stringContaining("ENOENT"),
      error: { code: "not-begun", retryable: true },
    });
  });
});

describe("what is kept of its output", () => {
  test("output is kept byte for byte", async () => {
    const end = await run(["cat"], {
      stdin: "",
      argv: ["/bin/sh", "-c", "printf '\\377\\000\\200x'"],
    });
    expect([...end.stdout.bytes]).toEqual([255, 0, 128, 120]);
  });

  test("of a flood the beginning and the end are kept, and what was cut is said", async () => {
    const end = await sh("printf first; head -c 5000000 /dev/zero | tr '\\0' x; printf last", {
      outputBytesMax: 10_000,
    });
    const text = end.stdout.bytes.toString();
    expect(end.stdout).toMatchObject({ cut: true, total: 5_000_009 });
    expect(text).toMatch(/^firstx+\n\[4990009 bytes of output were cut here\]\nx+last$/);
    expect(end.stdout.bytes.length).toBeLessThan(10_100);
  });

  test("output is told while it comes", async () => {
    const controller = new AbortController();
    let seen = "";
    const end = await sh("echo now; sleep 60", {
      signal: controller.signal,
      onOutput: (stream, chunk) => {
        seen += `${stream}:${chunk.toString()}`;
        controller.abort();
      },
    });
    expect(seen).toBe("stdout:now\n");
    expect(end.aborted).toBe(true);
  });
});

describe("how a command ends", () => {
  test("a command begins only after its process is on record", async () => {
    const file = join(folder, "began");
    let startTicks = "";
    const end = await run(["touch", file], {
      recordProcess: async (process) => {
        startTicks = findProcess(process.pid)?.startTicks ?? "";
        expect(process.startTicks).toBe(startTicks);
        expect(() => readFileSync(file)).toThrow("ENOENT");
      },
    });
    expect(end.exitCode).toBe(0);
    expect(startTicks).toMatch(/^\d+$/);
    expect(readFileSync(file, "utf8")).toBe("");
  });

  test("a command whose process cannot be put on record never begins", async () => {
    const file = join(folder, "began");
    let pid = 0;
    const ran = run(["touch", file], {
      recordProcess: async (process) => {
        pid = process.pid;
        throw new Error("the store is full");
      },
    });
    await expect(ran).rejects.toThrow("nothing was begun: the store is full");
    await eventually(() => !isRunning(pid));
    expect(() => readFileSync(file)).toThrow("ENOENT");
  });

  test("a command that is aborted before it began does not begin", async () => {
    const controller = new AbortController();
    const end = await run(["touch", join(folder, "began")], {
      signal: controller.signal,
      recordProcess: async () => controller.abort(),
    });
    expect(end).toMatchObject({ aborted: true, begun: false });
    expect(() => readFileSync(join(folder, "began"))).toThrow("ENOENT");
  });

  test("an aborted command is asked to end, with all that it started", async () => {
    const controller = new AbortController();
    const script = "trap 'echo bye; exit 3' TERM; sleep 1000 & echo $! > child; wait";
    const ran = sh(script, { signal: controller.signal });
    const child = await pidIn("child");
    controller.abort();
    const end = await ran;
    expect(end).toMatchObject({ aborted: true, begun: true, exitCode: 3 });
    expect(end.stdout.bytes.toString()).toBe("bye\n");
    expect(isRunning(child)).toBe(false);
  });

  test("a command that does not end when asked is killed with its whole group", async () => {
    const controller = new AbortController();
    const script = "trap '' TERM; sleep 1000 & echo $! > child; while :; do sleep 1000; done";
    const ran = sh(script, { signal: controller.signal, graceMs: 50 });
    const child = await pidIn("child");
    controller.abort();
    expect(await ran).toMatchObject({ aborted: true, signal: "SIGKILL" });
    await eventually(() => !isRunning(child));
  });

  test("what a command leaves running ends with it, and does not hold up its end", async () => {
    const end = await sh("sleep 1000 & echo $! > child; echo done");
    expect(end.stdout.bytes.toString()).toBe("done\n");
    const child = await pidIn("child");
    await eventually(() => !isRunning(child));
  });

  test("a process that escaped the group does not hold up the command's end", async () => {
    const end = await sh("setsid sleep 1000 & echo $! > child; echo done");
    const child = await pidIn("child");
    process.kill(child, "SIGKILL");
    expect(end.stdout.bytes.toString()).toBe("done\n");
    expect(end.durationMs).toBeLessThan(10_000);
  });

  test("nothing of the group is left when a command has ended", async () => {
    let group = 0;
    const removed: number[] = [];
    await run(["true"], {
      recordProcess: async (process) => {
        group = process.pid;
      },
      removeProcess: async (process) => void removed.push(process.pid),
    });
    await eventually(() => findGroup(group)?.length === 0);
    expect(removed).toEqual([group]);
  });

  test("a command whose worker is killed with -9 does not outlive it", async () => {
    const worker = join(folder, "worker.ts");
    const runner = fileURLToPath(new URL("run-command.ts", import.meta.url));
    const runtime = fileURLToPath(new URL("../../engine/system-runtime.ts", import.meta.url));
    writeFileSync(
      worker,
      `import { runCommand } from ${JSON.stringify(runner)};
       import { createSystemRuntime } from ${JSON.stringify(runtime)};
       await runCommand({
         argv: ["/bin/sh", "-c", "trap '' TERM HUP; sleep 1000 & echo $! > child; echo $$ > leader; wait; sleep 1000"],
         cwd: ${JSON.stringify(folder)}, env: { PATH: process.env.PATH }, signal: new AbortController().signal,
         graceMs: 1000, outputBytesMax: 1000, runtime: createSystemRuntime(),
         recordProcess: async () => undefined, removeProcess: async () => undefined,
       });`,
    );
    const spawned = spawn(process.execPath, [worker], { stdio: "ignore" });
    const [child, leader] = [await pidIn("child"), await pidIn("leader")];
    expect([isRunning(child), isRunning(leader)]).toEqual([true, true]);
    spawned.kill("SIGKILL");
    await eventually(() => !isRunning(child) && !isRunning(leader));
    expect(findGroup(leader)).toEqual([]);
  });
});
