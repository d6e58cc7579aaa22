import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Cli } from "./cli.ts";

describe("the command line", () => {
  test("tells its version and its help on stdout", async () => {
    await using cli = new Cli();
    const [version, help, one] = await Promise.all([
      cli.run("--version"),
      cli.run("--help"),
      cli.run("plan", "approve", "--help"),
    ]);
    expect(version).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
      stderr: "",
    });
    expect(help.code).toBe(0);
    expect(help.stdout).toContain("planwright run release.plan.yaml");
    expect(help.stdout).toMatch(/run.*plan.*step.*request.*artifact.*signal.*worker.*doctor/s);
    expect(help.stderr).toBe("");
    expect(one.stdout).toMatch(/--digest <digest>[^]*Example:\n {2}\$ planwright plan approve/);
  });

  test("answers wrong usage with exit code 2 and the help on stderr", async () => {
    await using cli = new Cli();
    const wrong = await Promise.all([
      cli.run("run", "hello.yaml", "--aprove"),
      cli.run("plan", "shwo", "pln_1"),
      cli.run("plan"),
      cli.run("plan", "show"),
      cli.run("plan", "wait", "pln_1", "--wait", "soon"),
      cli.run("plan", "ls", "--status", "done"),
    ]);
    expect(wrong.map(({ code }) => code)).toEqual([2, 2, 2, 2, 2, 2]);
    for (const { stdout, stderr } of wrong) {
      expect(stdout).toBe("");
      expect(stderr).toContain("Usage: planwright");
    }
    expect(wrong[0]?.stderr).toContain("--approve");
    expect(wrong[1]?.stderr).toContain("Did you mean show?");
    expect(wrong[4]?.stderr).toContain("no duration such as 30s or 10m");
    expect(wrong[5]?.stderr).toContain("pending-approval");
  });

  test("says that there is no store, no file, no plan", async () => {
    await using cli = new Cli();
    const noStore = await cli.run("plan", "ls");
    expect(noStore.code).toBe(7);
    expect(noStore.stderr).toContain("planwright.db");
    const noFile = await cli.run("run", "nothing.yaml");
    expect(noFile).toMatchObject({ code: 4, stderr: expect.stringContaining("nothing.yaml") });
    cli.write("hello.yaml", "plan: Hello\nsteps:\n  greet: { do: tool, owner: std.echo }\n");
    await cli.must("plan", "new", "hello.yaml");
    const missing = await Promise.all([
      cli.run("plan", "show", "pln_0"),
      cli.run("step", "logs", "pln_0", "greet"),
      cli.run("request", "show", "req_0"),
      cli.run("artifact", "cat", "art_0"),
    ]);
    expect(missing.map(({ code }) => code)).toEqual([4, 4, 4, 4]);
    const approve = await cli.run("plan", "approve", "pln_0");
    expect(approve.code).toBe(4);
  });

  test("makes no store for what is about a plan that is there, and names a file that is none", async () => {
    await using cli = new Cli();
    const about = await Promise.all([
      cli.run("plan", "cancel", "pln_1"),
      cli.run("plan", "watch", "pln_1"),
      cli.run("request", "answer", "req_1", "yes"),
      cli.run("signal", "pln_1", "go"),
    ]);
    expect(about.map(({ code }) => code)).toEqual([7, 7, 7, 7]);
    expect(existsSync(join(cli.folder, ".planwright"))).toBe(false);
    cli.write("notes.db", "these are notes");
    const notes = await cli.run("plan", "ls", "--store", "notes.db");
    expect(notes).toMatchObject({
      code: 7,
      stderr: expect.stringContaining("notes.db: the file is not a database"),
    });
  });

  test("takes a flag before the environment before the default", async () => {
    await using cli = new Cli();
    cli.write("hello.yaml", "plan: Hello\nsteps:\n  greet: { do: tool, owner: std.echo }\n");
    const environment = { PLANWRIGHT_STORE: "env/plans.db", PLANWRIGHT_AS: "env-ada" };
    await cli.startWith(environment, "plan", "new", "hello.yaml").ended;
    await cli.startWith(environment, "plan", "new", "hello.yaml", "--as", "bob").ended;
    const { stdout } = await cli.must("plan", "ls", "--json", "--store", "env/plans.db");
    const ids = (JSON.parse(stdout) as { data: { id: string }[] }).data.map(({ id }) => id);
    const shown = await Promise.all(
      ids.map((id) => cli.must("plan", "show", id, "--store", "env/plans.db")),
    );
    expect(shown.map((one) => /by (\S+)/.exec(one.stdout)?.[1])).toEqual(["bob", "env-ada"]);
  });
});
