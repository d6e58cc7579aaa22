import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { afterEach, expect, test } from "vitest";
import { eventually } from "../test-attempt.ts";
import { endProcessGroup } from "./end-process-group.ts";
import { UNKNOWN_START, findGroup, findProcess, isAlive } from "./process-table.ts";

let started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started) {
    try {
      process.kill(-(child.pid ?? 0), "SIGKILL");
    } catch {
      // It has ended, as it should.
    }
  }
  started = [];
});

/** A process group of its own, as a dead worker leaves it. */
async function leave(script: string): Promise<{ pid: number; startTicks: string }> {
  const child = spawn("/bin/sh", ["-c", script], {
    detached: true,
    stdio: ["ignore", "pipe", "ignore"],
  });
  started.push(child);
  await once(child.stdout, "data");
  const pid = child.pid ?? 0;
  return { pid, startTicks: findProcess(pid)?.startTicks ?? "" };
}

test("a process group that was left behind is ended, whatever it ignores", async () => {
  const group = await leave("trap '' TERM; sleep 1000 & echo up; wait");
  expect(await endProcessGroup(group)).toBe("gone");
  expect(findGroup(group.pid)).toEqual([]);
});

test("a group whose leader is gone is ended by what is left of it", async () => {
  const group = await leave("sleep 1000 & sleep 1000 & echo up");
  await eventually(() => {
    const leader = findProcess(group.pid);
    return leader === null || !isAlive(leader);
  });
  expect(findGroup(group.pid)).toHaveLength(2);
  expect(await endProcessGroup(group)).toBe("gone");
  expect(findGroup(group.pid)).toEqual([]);
});

test("a process that has got the number of ours is left alone", async () => {
  const group = await leave("echo up; sleep 1000");
  expect(await endProcessGroup({ ...group, startTicks: "1" })).toBe("not-ours");
  expect(findGroup(group.pid)).not.toEqual([]);
});

test("a process of which no start time is known is left alone", async () => {
  const group = await leave("echo up; sleep 1000");
  expect(await endProcessGroup({ ...group, startTicks: UNKNOWN_START })).toBe("not-ours");
  expect(findGroup(group.pid)).not.toEqual([]);
});

test("a group that has ended already is gone", async () => {
  const group = await leave("echo up");
  await eventually(() => findGroup(group.pid)?.length === 0);
  expect(await endProcessGroup(group)).toBe("gone");
});
