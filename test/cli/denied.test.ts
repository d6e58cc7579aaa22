import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { canBePlainUser, Cli } from "./cli.ts";

const PLAN = "plan: Hello\nsteps: { a: { do: tool, owner: std.echo } }\n";
const READING = [
  ["plan", "ls"],
  ["request", "ls"],
  ["doctor"],
  ["artifact", "cat", "art_0"],
] as const;

describe.skipIf(!canBePlainUser())("a store that may not be looked at", () => {
  test("is said to be out of reach, with what bars the way; not to be missing", async () => {
    await using cli = new Cli();
    await cli.must("plan", "new", cli.write("plan.yaml", PLAN));
    const folder = join(cli.folder, ".planwright");
    chmodSync(folder, 0o000);
    const all = await Promise.all([
      ...READING.map((words) => cli.asPlainUser(...words)),
      cli.asPlainUser("plan", "cancel", "pln_0"),
      cli.asPlainUser("plan", "new", "plan.yaml"),
    ]);
    chmodSync(folder, 0o700);
    for (const { code, stdout, stderr } of all) {
      expect({ code, stdout }).toEqual({ code: 7, stdout: "" });
      expect(stderr).toContain(`${folder} may not be used by this user (EACCES)`);
      expect(stderr).toContain("with mode 0000; `chmod u+rwx` gives it back");
      expect(stderr).not.toContain("there is no store");
    }
    expect((await cli.asPlainUser("plan", "ls")).code).toBe(0);
  });

  test("is told from one that is not there, in a folder that may be looked into", async () => {
    await using cli = new Cli();
    const barred = join(cli.folder, "barred");
    mkdirSync(barred);
    chmodSync(barred, 0o000);
    const inside = await cli.asPlainUser("plan", "ls", "--store", "barred/deep/plans.db");
    chmodSync(barred, 0o700);
    expect(inside).toMatchObject({
      code: 7,
      stderr: expect.stringContaining(`${barred} may not be used by this user (EACCES)`),
    });
    const missing = await cli.asPlainUser("plan", "ls", "--store", "barred/deep/plans.db");
    expect(missing).toMatchObject({
      code: 7,
      stderr: expect.stringContaining("there is no store"),
    });
  });

  test("names the database where that alone may not be read", async () => {
    await using cli = new Cli();
    await cli.must("plan", "new", cli.write("plan.yaml", PLAN));
    const database = join(cli.folder, ".planwright/planwright.db");
    chmodSync(database, 0o000);
    const ran = await cli.asPlainUser("plan", "ls");
    expect(ran).toMatchObject({
      code: 7,
      stderr: expect.stringContaining(`${database} may not be used by this user (EACCES)`),
    });
    expect(ran.stderr).toContain("`chmod u+rw` gives it back");
  });
});
