import { execFileSync, spawnSync } from "node:child_process";
import process from "node:process";
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
  expect(quoted(word)).toBe(String.raw`$'\xe2\x80\xaesly\\\'\xf3\xa0\x81\x81\x1b[2J'`);
});

test.skipIf(!hasBash)("what hides something can be copied all the same", () => {
  const word = "\u202Esly\\'\u{e0041}\u001b[2J";
  for (const LC_ALL of ["C", "C.UTF-8"]) {
    const options = { encoding: "utf8", env: { ...process.env, LC_ALL } } as const;
    expect(execFileSync("bash", ["-c", `printf '%s' ${quoted(word)}`], options)).toBe(word);
  }
});
