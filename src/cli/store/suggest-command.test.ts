import { execFileSync, spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { quoted } from "./suggest-command.ts";

const hasBash = spawnSync("bash", ["--version"]).status === 0;

test("a word is quoted only where a shell would not read it as it is", () => {
  expect(quoted("plans/2.4_x.db")).toBe("plans/2.4_x.db");
  expect(quoted("it's; $HOME `x` *")).toBe(String.raw`'it'\''s; $HOME ` + "`x` *'");
  expect(quoted("")).toBe("''");
});

test("a word that hides something shows it", () => {
  const word = "\u202Esly\\'\u{e0041}\u001b[2J";
  expect(quoted(word)).toBe(String.raw`$'\u202esly\\\'\U000e0041\u001b[2J'`);
});

test.skipIf(!hasBash)("what hides something can be copied all the same", () => {
  const word = "\u202Esly\\'\u{e0041}\u001b[2J";
  const script = `export LC_ALL=C.UTF-8; printf '%s' ${quoted(word)}`;
  expect(execFileSync("bash", ["-c", script], { encoding: "utf8" })).toBe(word);
});
