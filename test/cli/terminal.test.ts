import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { Cli } from "./cli.ts";

/** The program that lends a command a terminal; where it is missing, these tests say that they were skipped. */
const hasScript = spawnSync("script", ["--version"]).status === 0;

const QUESTIONS = `plan: Questions
objective: Ask everything
policy: { verification: none }
steps:
  colour:
    do: human
    request:
      kind: input
      title: Which colour?
      form: { type: object, required: [colour], properties: { colour: { type: string } } }
  where:
    do: human
    needs: [colour]
    request: { kind: choice, title: Where?, options: [{ value: inside }, { value: outside }] }
  paint:
    do: tool
    owner: std.echo
    needs: [where]
    approve: true
    with: { colour: "\${{ steps.colour.output.values.colour }}" }
answer: steps.paint.output.colour
`;

describe.skipIf(!hasScript)("at a terminal", () => {
  test("a run asks in place, shows the exact text and work, and goes on", async () => {
    await using cli = new Cli();
    const running = cli.atTerminal("run", cli.write("plan.yaml", QUESTIONS));
    await running.says(/text \([0-9a-f]{64}\):\r\n {4}plan: Questions[^]*Approve\? \[y\]es/);
    running.type("y\n");
    await running.says("colour (string): ");
    running.type("blue\n");
    await running.says("Send it?");
    running.type("y\n");
    await running.says("Which? (a value");
    running.type("outside\n");
    await running.says(/tool std\.echo with:[^]*"colour": "blue"[^]*Approve\?/);
    running.type("y\n");
    const { code, stdout } = await running.ended;
    expect(code).toBe(0);
    expect(stdout).toContain("completed\r\nblue");
    expect(stdout).toMatch(/✓ paint +succeeded/);
  });

  test("a question that is put off stays open, and the command that answers it is named", async () => {
    await using cli = new Cli();
    const running = cli.atTerminal("run", cli.write("plan.yaml", QUESTIONS), "--approve");
    await running.says("colour (string): ");
    running.type("blue\n");
    await running.says("Send it?");
    running.type("later\n");
    const { code, stdout } = await running.ended;
    expect(code).toBe(5);
    expect(stdout).toMatch(/planwright request answer req_\S+ --value 'colour=…' --watch/);
    expect(stdout).not.toContain("once this process has ended");
  });

  test("a no is recorded with its reason", async () => {
    await using cli = new Cli();
    const running = cli.atTerminal("run", cli.write("plan.yaml", QUESTIONS));
    await running.says("Approve? [y]es");
    running.type("n\n");
    await running.says("Why not?");
    running.type("too early\n");
    const { code, stdout } = await running.ended;
    expect(code).toBe(1);
    expect(stdout).toContain("rejected");
    const planId = /pln_[\w-]+/.exec(stdout)?.[0] ?? "";
    const { stdout: events } = await cli.must("plan", "events", planId);
    expect(events).toContain("too early");
  });

  test("^C at a question stops the run, and leaves the question open", async () => {
    await using cli = new Cli();
    const running = cli.atTerminal("run", cli.write("plan.yaml", QUESTIONS));
    await running.says("Approve? [y]es");
    running.type("\u0003");
    const { code, stdout } = await running.ended;
    expect(code).toBe(130);
    expect(stdout).toContain("go on with: planwright plan watch pln_");
  });

  test("every step is shown with its state, time and attempt, and what it waits for", async () => {
    await using cli = new Cli();
    const file = cli.write(
      "plan.yaml",
      `plan: Live
policy: { approval: none, verification: none, retry: { first: 50ms } }
steps:
  again: { do: tool, owner: std.fail, with: { times: 1 }, effect: none }
  nap: { do: wait, wait: { for: 1s } }
  last: { do: tool, owner: std.echo, needs: [again, nap] }
`,
    );
    const running = cli.atTerminal("run", file);
    await running.says(/◌ nap +waiting +\d\.\ds +until \d{4}-/);
    await running.says(/✓ again +succeeded +attempt 2 /);
    await running.says(/· last +pending/);
    expect((await running.ended).code).toBe(0);
  });
});

describe("into a pipe", () => {
  test("there are plain lines, and colours only where they are forced", async () => {
    await using cli = new Cli();
    const file = cli.write(
      "plan.yaml",
      "plan: Plain\npolicy: { approval: none }\nsteps: { a: { do: tool, owner: std.echo } }\n",
    );
    const [plain, forced] = [
      await cli.run("run", file),
      await cli.startWith({ FORCE_COLOR: "1" }, "plan", "ls").ended,
    ];
    expect(plain.stdout + plain.stderr).not.toContain("\u001b");
    expect(forced.stdout).toContain("\u001b[32mcompleted");
  });
});
