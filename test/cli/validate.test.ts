import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Cli } from "./cli.ts";

const WRONG = `plan: Wrong
steps:
  build: { do: command, with: { argv: [make] } }
  ship:
    do: command
    need: [build]
    needs: [biuld]
    with: { argv: [make, ship] }
`;

interface Checked {
  readonly ok: boolean;
  readonly faults: readonly {
    readonly code: string;
    readonly message: string;
    readonly pointer: string;
    readonly line: number;
    readonly column: number;
  }[];
  readonly warnings: readonly { readonly code: string }[];
}

describe("a wrong plan file", () => {
  test("is refused with every fault, its place and what would be right; nothing is stored", async () => {
    await using cli = new Cli();
    const file = cli.write("wrong.yaml", WRONG);
    const ran = await cli.run("run", file, "--approve");
    expect(ran.code).toBe(3);
    expect(ran.stdout).toBe("");
    expect(ran.stderr).toMatch(
      /^wrong\.yaml:6:5: fault \/steps\/ship\/need: .*did you mean "needs"\?/m,
    );
    expect(ran.stderr).toMatch(/^wrong\.yaml:7:13: fault .*did you mean "build"\?/m);
    expect(existsSync(join(cli.folder, ".planwright"))).toBe(false);
  });

  test("is told to programs with the same places", async () => {
    await using cli = new Cli();
    const ran = await cli.run("plan", "validate", cli.write("wrong.yaml", WRONG), "--json");
    expect(ran.code).toBe(3);
    const { ok, faults, warnings } = JSON.parse(ran.stdout) as Checked;
    expect(ok).toBe(false);
    expect(warnings).toEqual([]);
    expect(faults).toContainEqual(
      expect.objectContaining({
        code: "unknown-need",
        pointer: "/steps/ship/needs/0",
        line: 7,
        column: 13,
      }),
    );
  });

  test("is judged from standard input as well", async () => {
    await using cli = new Cli();
    const running = cli.start("plan", "validate", "-");
    running.endInput(WRONG);
    const ran = await running.ended;
    expect(ran.code).toBe(3);
    expect(ran.stderr).toContain("-:7:13: fault");
  });

  test("names the file in which a sub-plan is wrong", async () => {
    await using cli = new Cli();
    cli.write("inner.yaml", "plan: Inner\nsteps:\n  one: { do: nothing }\n");
    const outer = cli.write(
      "outer.yaml",
      "plan: Outer\nsteps:\n  sub: { do: plan, plan: inner.yaml }\n",
    );
    const ran = await cli.run("plan", "validate", outer);
    expect(ran.code).toBe(3);
    expect(ran.stderr).toContain("inner.yaml:3:14: fault");
  });

  test("may be no text at all", async () => {
    await using cli = new Cli();
    const file = cli.write("binary.yaml", "");
    const { writeFileSync } = await import("node:fs");
    writeFileSync(join(cli.folder, file), Buffer.from([0x70, 0xff, 0xfe]));
    const [binary, folder] = await Promise.all([
      cli.run("plan", "validate", file),
      cli.run("plan", "validate", "."),
    ]);
    expect(binary).toMatchObject({ code: 3, stderr: expect.stringContaining("UTF-8") });
    expect(folder).toMatchObject({ code: 4, stderr: expect.stringContaining("it is no file") });
  });
});

describe("a plan file in order", () => {
  test("is said to be valid, with warnings on stderr", async () => {
    await using cli = new Cli();
    const file = cli.write(
      "plan.yaml",
      "plan: Fine\nsteps:\n  a: { do: command, with: { argv: [ls] } }\n",
    );
    const ran = await cli.run("plan", "validate", file);
    expect(ran).toMatchObject({ code: 0, stdout: "plan.yaml is valid: Fine, 1 step\n" });
    expect(ran.stderr).toContain("plan.yaml:3:6: warning");
    expect(await cli.json<Checked>("plan", "validate", file)).toMatchObject({
      ok: true,
      faults: [],
    });
  });

  test("is foretold without being stored", async () => {
    await using cli = new Cli();
    const file = cli.write(
      "plan.yaml",
      `plan: Fine
policy: { concurrency: 2 }
steps:
  a: { do: command, with: { argv: [ls] }, effect: none }
  b: { do: command, with: { argv: [make] }, needs: [a] }
  c: { do: human, needs: [b], request: { kind: approval, title: "Ship?", due: 2h, assignees: ["role:editor"] } }
`,
    );
    const text = await cli.must("plan", "forecast", file);
    expect(text.stdout).toMatch(/Longest chain \(3 steps\)\n {2}a → b → c/);
    expect(text.stdout).toContain("c: 2h00m at most");
    expect(text.stdout).toMatch(/b {2}a person is asked {2}\(default\)/);
    expect(text.stdout).toMatch(/concurrency +2 +\(text\)/);
    const json = await cli.json<{ layers: string[][] }>("run", file, "--dry-run");
    expect(json.layers).toEqual([["a"], ["b"], ["c"]]);
    expect(existsSync(join(cli.folder, ".planwright"))).toBe(false);
  });
});
