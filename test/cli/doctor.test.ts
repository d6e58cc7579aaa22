import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, test } from "vitest";
import { Cli, type Shown } from "./cli.ts";

const PLAN = `plan: Notes
policy: { approval: none, verification: none }
steps:
  notes:
    do: command
    with: { run: "echo hello > notes.md" }
    effect: none
    deliverables: [{ name: notes.md, path: notes.md }]
`;

interface Looked {
  readonly ok: boolean;
  readonly findings: readonly {
    readonly check: string;
    readonly level: string;
    readonly message: string;
  }[];
}

async function look(cli: Cli): Promise<{ code: number | null; looked: Looked }> {
  const { code, stdout } = await cli.run("doctor", "--json");
  return { code, looked: JSON.parse(stdout) as Looked };
}

function wrongs({ looked }: { looked: Looked }): readonly string[] {
  return looked.findings
    .filter(({ level }) => level === "wrong")
    .map(({ check, message }) => `${check}: ${message}`);
}

describe("the doctor", () => {
  test("says that all is well, and what is merely left over", async () => {
    await using cli = new Cli();
    await cli.must("run", cli.write("plan.yaml", PLAN), "--quiet");
    const left = join(cli.folder, ".planwright/artifacts/ab");
    mkdirSync(left, { recursive: true });
    writeFileSync(join(left, "ab".repeat(32)), "left over");
    const text = await cli.must("doctor");
    expect(text.stdout).toMatch(/^ok +integrity: [^]*all is well\n$/m);
    expect(text.stdout).toContain("note   artifacts: 1 contents are named by no plan (9 bytes)");
    expect(text.stdout).toMatch(/settings: SQLite 3\.\d+\.\d+, journal wal, synchronous 2/);
  });

  test("finds an event that was changed behind the store's back", async () => {
    await using cli = new Cli();
    await cli.must("run", cli.write("plan.yaml", PLAN), "--quiet");
    const database = new DatabaseSync(join(cli.folder, ".planwright/planwright.db"));
    database.exec(`update events set body = replace(body, '"attempt":1', '"attempt":2')
      where body like '%step.succeeded%'`);
    database.close();
    const result = await look(cli);
    expect(result.code).toBe(1);
    expect(result.looked.ok).toBe(false);
    expect(wrongs(result).join("\n")).toMatch(
      /integrity: pln_\S+: it or what came before it was changed/,
    );
    expect(wrongs(result).join("\n")).toMatch(/histories: pln_\S+\/\d+: I\d+/);
  });

  test("finds an artifact that is gone", async () => {
    await using cli = new Cli();
    const { steps } = await cli.json<Shown>("run", cli.write("plan.yaml", PLAN));
    const id = steps["notes"]?.artifacts[0]?.id ?? "";
    const { stdout: path } = await cli.must("artifact", "path", id);
    const { rmSync } = await import("node:fs");
    rmSync(path.trim());
    const result = await look(cli);
    expect(result.code).toBe(1);
    expect(wrongs(result)).toEqual([expect.stringMatching(/^artifacts: pln_.*is missing$/)]);
    const cat = await cli.run("artifact", "cat", id);
    expect(cat.code).toBe(4);
  });
});
