import { expect, test } from "vitest";
import { findGroup, findProcess, parseStat } from "./process-table.ts";

test("a process's name may hold spaces and parentheses", () => {
  const rest = "5 40 41 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 987654 1000 100";
  expect(parseStat(42, `42 (a) b (c)) R ${rest}`)).toEqual({
    pid: 42,
    state: "R",
    group: 40,
    session: 41,
    startTicks: "987654",
  });
});

test("a text that is no entry of a process is none", () => {
  expect(parseStat(42, "")).toBeNull();
  expect(parseStat(42, "42 (sh) R 1 2")).toBeNull();
});

test("this process is found, with its group", () => {
  const own = findProcess(process.pid);
  expect(own).toMatchObject({ pid: process.pid });
  expect(findGroup(own?.group ?? 0)).toContainEqual(expect.objectContaining({ pid: process.pid }));
});

test("a process that is not there is not found", () => {
  expect(findProcess(2 ** 30)).toBeNull();
});
