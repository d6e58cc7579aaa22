import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { DEFAULT_PROCESS_LIMITS, parseLimits, underLimits } from "./process-limits.ts";

const hasPrlimit = existsSync("/usr/bin/prlimit") || existsSync("/bin/prlimit");

test("the limits of a process are read as the kernel writes them", () => {
  const text = [
    "Limit                     Soft Limit           Hard Limit           Units     ",
    "Max cpu time              unlimited            unlimited            seconds   ",
    "Max open files            1024                 524288               files     ",
  ].join("\n");
  expect([...parseLimits(text)]).toEqual([
    ["nofile", { soft: 1024, hard: 524_288 }],
    ["cpu", { soft: Infinity, hard: Infinity }],
  ]);
});

test.skipIf(!hasPrlimit)("a command runs under the limits that are asked for", () => {
  const limits = { ...DEFAULT_PROCESS_LIMITS, openFiles: 64, fileBytes: 512 * 1024 };
  const [file = "", ...args] = underLimits(["/bin/sh", "-c", "ulimit -n; ulimit -f"], limits, 1000);
  // The shell counts files in blocks of 512 bytes.
  expect(execFileSync(file, args, { encoding: "utf8" })).toBe("64\n1024\n");
});

test.skipIf(!hasPrlimit)("a limit is lowered and never raised", () => {
  const current = new Map([
    ["nofile", { soft: 100, hard: 200 }],
    ["fsize", { soft: 1, hard: Infinity }],
  ]);
  const limits = { ...DEFAULT_PROCESS_LIMITS, openFiles: 150, fileBytes: 7 };
  const argv = underLimits(["true"], limits, 1000, current);
  expect(argv).toEqual(expect.arrayContaining(["--nofile=100:150", "--fsize=1:7"]));
});

test("a runtime that reserves much memory starts under the usual limits", () => {
  const script = "console.log('up')";
  const argv = underLimits([process.execPath, "-e", script], DEFAULT_PROCESS_LIMITS, 1000);
  const [file = "", ...args] = argv;
  expect(execFileSync(file, args, { encoding: "utf8" })).toBe("up\n");
});
