import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Cli, words, type Shown } from "./cli.ts";

const QUIET = "policy: { approval: none, verification: none }";
const ECHO = "do: tool, owner: std.echo";

describe("a run", () => {
  test("carries a plan out and answers with what came of it", async () => {
    await using cli = new Cli();
    const file = cli.write(
      "plan.yaml",
      `plan: Hello
inputs: { name: { type: string }, times: { type: integer, default: 2 } }
${QUIET}
steps:
  greet: { ${ECHO}, with: { text: "hello, \${{ inputs.name }}", times: "\${{ inputs.times }}" } }
answer: steps.greet.output.text
`,
    );
    const text = await cli.must("run", file, "--input", "name=Ada");
    expect(text.stdout).toMatch(/^pln_\S+ completed\nhello, Ada\n$/);
    expect(text.stderr).toMatch(/greet started, attempt 1\n.*greet succeeded/);
    const json = await cli.json<Shown>("run", file, "--input", "name=Bob", "--input", "times=3");
    expect(json.plan).toMatchObject({ status: "completed", name: "Hello", answer: "hello, Bob" });
    expect(json.steps["greet"]).toMatchObject({
      status: "succeeded",
      attempts: 1,
      output: { text: "hello, Bob", times: 3 },
    });
    const quiet = await cli.must("run", file, "--input", "name=Eve", "--quiet");
    expect(quiet.stderr).toBe("");
  });

  test("refuses inputs that do not fit, and stores nothing", async () => {
    await using cli = new Cli();
    const file = cli.write(
      "plan.yaml",
      `plan: Hello\ninputs: { count: { type: integer } }\nsteps: { a: { ${ECHO} } }\n`,
    );
    const wrong = await Promise.all([
      cli.run("run", file),
      cli.run("run", file, "--input", "count=many"),
      cli.run("run", file, "--input", "cuont=1"),
      cli.run("run", file, "--input", "count"),
    ]);
    expect(wrong.map(({ code }) => code)).toEqual([2, 2, 2, 2]);
    expect(wrong[0]?.stderr).toContain('/inputs/count: the input "count" is missing');
    expect(wrong[1]?.stderr).toContain("/inputs/count: must be a whole number");
    expect(wrong[2]?.stderr).toContain('did you mean "count"?');
    expect(wrong[3]?.stderr).toContain("--input takes name=value");
    expect(existsSync(join(cli.folder, ".planwright"))).toBe(false);
  });

  test("refuses an input that is given twice, and names both", async () => {
    await using cli = new Cli();
    const file = cli.write(
      "plan.yaml",
      `plan: Hello\ninputs: { n: { type: integer } }\nsteps: { a: { ${ECHO} } }\n`,
    );
    const twice = await cli.run("run", file, "--input", "n=1", "--input", "n=2");
    expect(twice).toMatchObject({ code: 2, stdout: "" });
    expect(twice.stderr).toContain('--input is given both "n=1" and "n=2": keep one of them');
    const same = await cli.run("plan", "new", file, "--input", "n=1", "--input", "n=1");
    expect(same.code).toBe(2);
    const hidden = await cli.run("plan", "new", file, "--input", "n=1", "--input", "__proto__=1");
    expect(hidden).toMatchObject({ code: 2, stderr: expect.stringContaining("__proto__") });
    expect(existsSync(join(cli.folder, ".planwright"))).toBe(false);
  });

  test("says that nothing is verified only to who looks a plan over", async () => {
    await using cli = new Cli();
    const file = cli.write("plan.yaml", `plan: Hello\nsteps: { a: { ${ECHO} } }\n`);
    const wrong = cli.write("wrong.yaml", `plan: Hello\nsteps: { a: { ${ECHO}, needs: [b] } }\n`);
    const ran = await cli.must("run", file, "--approve");
    const made = await cli.must("plan", "new", file);
    const refused = await cli.run("run", wrong);
    expect(refused).toMatchObject({ code: 3, stderr: expect.stringContaining("[unknown-need]") });
    for (const { stderr } of [ran, made, refused]) expect(stderr).not.toContain("warning");
    const looks = await Promise.all([
      cli.must("plan", "validate", file),
      cli.must("plan", "forecast", file),
      cli.must("run", file, "--dry-run"),
      cli.run("plan", "validate", wrong),
    ]);
    for (const { stderr } of looks) expect(stderr).toContain("[no-verification]");
  });

  test("hands a file in as an input that steps can read", async () => {
    await using cli = new Cli();
    cli.write("words.txt", "three little words\n");
    const file = cli.write(
      "plan.yaml",
      `plan: Count
inputs: { text: { type: file } }
${QUIET}
steps:
  count: { do: command, with: { argv: [wc, -w, "\${{ inputs.text.path }}"] }, effect: none }
answer: '[inputs.text.name, steps.count.output.stdout.substring(0, 1)]'
`,
    );
    const { plan } = await cli.json<Shown>("run", file, "--input", "text=@words.txt");
    expect(plan.answer).toEqual(["words.txt", "3"]);
    const { stdout } = await cli.must("doctor");
    expect(stdout).toContain("all is well");
    expect(stdout).not.toContain("named by no plan");
  });

  test("ends with 1 where the plan fails, and says why on stderr", async () => {
    await using cli = new Cli();
    const file = cli.write(
      "plan.yaml",
      `plan: Fails
${QUIET}
steps:
  a: { do: command, with: { run: "echo no luck >&2; exit 3" }, retry: { attempts: 1 }, effect: none }
`,
    );
    const ran = await cli.run("run", file);
    expect(ran.code).toBe(1);
    expect(ran.stdout).toMatch(/^pln_\S+ failed\n$/);
    expect(ran.stderr).toMatch(/^planwright: exit: .*no luck/m);
  });

  test("tries again, works through a list, runs a sub-plan and goes round a check", async () => {
    await using cli = new Cli();
    cli.write(
      "inner.yaml",
      `plan: Inner
inputs: { name: { type: string } }
steps: { greet: { ${ECHO}, with: { text: "hi \${{ inputs.name }}" } } }
answer: steps.greet.output.text
`,
    );
    const file = cli.write(
      "plan.yaml",
      `plan: All of it
policy: { approval: none, verification: required, retry: { attempts: 3, first: 10ms } }
steps:
  again: { do: tool, owner: std.fail, with: { times: 2 }, effect: none }
  list: { ${ECHO}, forEach: '["a", "b", "c"]', with: { name: "\${{ item }}", at: "\${{ index }}" } }
  sub: { do: plan, plan: inner.yaml, with: { name: Ada } }
  better:
    do: command
    with: { run: "test -e seen && echo good || { touch seen; echo bad; }" }
    effect: repeatable
    verify: { checks: [{ name: is good, expression: 'output.stdout.startsWith("good")' }], loops: 2 }
answer: '[steps.list.output.map(one, one.name), steps.sub.output.answer]'
`,
    );
    const { plan, steps } = await cli.json<Shown>("run", file);
    expect(plan).toMatchObject({ status: "completed", answer: [["a", "b", "c"], "hi Ada"] });
    expect(steps["again"]).toMatchObject({ status: "succeeded", attempts: 3 });
    expect(steps["list.2"]).toMatchObject({ output: { name: "c", at: 2 } });
    expect(steps["better"]).toMatchObject({ status: "succeeded", attempts: 2 });
  });

  test("streams exactly the events that are stored", async () => {
    await using cli = new Cli();
    const file = cli.write("plan.yaml", `plan: Hello\n${QUIET}\nsteps: { a: { ${ECHO} } }\n`);
    const { stdout } = await cli.must("run", file, "--jsonl");
    const events = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { id: string; planId: string });
    expect(events.length).toBeGreaterThan(5);
    const planId = events[0]?.planId ?? "";
    const stored = await cli.must("plan", "events", planId, "--jsonl");
    expect(stored.stdout).toBe(stdout);
    const later = await cli.must("plan", "events", planId, "--after", "3");
    expect(later.stdout).toMatch(/^ {3}4 {2}\d\d:\d\d:\d\d {2}The plan was started$/m);
  });

  test("stops waiting when its time is over, and can be gone on with", async () => {
    await using cli = new Cli();
    const file = cli.write(
      "plan.yaml",
      `plan: Later\n${QUIET}\nsteps: { nap: { do: wait, wait: { for: 3s } }, a: { ${ECHO}, needs: [nap] } }\n`,
    );
    const ran = await cli.run("run", file, "--wait", "300ms");
    expect(ran.code).toBe(124);
    const next = /go on with: (planwright plan watch pln_.*)/.exec(ran.stderr)?.[1] ?? "";
    const watched = await cli.run(...words(next));
    expect(watched).toMatchObject({ code: 0, stdout: expect.stringContaining("completed") });
  });

  test("ends with 6 where nothing can move it but an outside event, and says which", async () => {
    await using cli = new Cli();
    const file = cli.write(
      "plan.yaml",
      `plan: Signalled
${QUIET}
steps:
  deployed: { do: wait, wait: { signal: deployed } }
answer: steps.deployed.output.payload.version
`,
    );
    const ran = await cli.run("run", file);
    expect(ran.code).toBe(6);
    const next = /^ {2}(planwright signal pln_\S+ deployed)$/m.exec(ran.stderr)?.[1] ?? "";
    const sent = await cli.run(...words(next), '{"version":"2.4"}', "--watch");
    expect(sent).toMatchObject({ code: 0, stdout: expect.stringMatching(/completed\n2\.4\n$/) });
  });

  test("ends with 5 where a person is asked, however far off a timer is", async () => {
    await using cli = new Cli();
    const file = cli.write(
      "plan.yaml",
      `plan: Asks\n${QUIET}\nsteps:
  later: { do: wait, wait: { for: 1h } }
  agree: { do: human, request: { kind: approval, title: Agree? } }
`,
    );
    const asked = await cli.run("run", file);
    expect(asked.code).toBe(5);
    expect(asked.stderr).toContain("request approve req_");
  });

  test("ends with 6 where nobody serves what is ready", async () => {
    await using cli = new Cli();
    const file = cli.write(
      "plan.yaml",
      `plan: Far\n${QUIET}\nsteps: { a: { ${ECHO}, pool: gpu } }\n`,
    );
    const ran = await cli.run("run", file);
    expect(ran.code).toBe(6);
    expect(ran.stderr).toContain('no worker serves pool "gpu"');
  });

  test("keeps what steps leave behind, and shows it", async () => {
    await using cli = new Cli();
    const file = cli.write(
      "plan.yaml",
      `plan: Notes
${QUIET}
steps:
  notes:
    do: command
    with: { run: "echo one; echo two >&2; echo '# Notes' > notes.md" }
    effect: none
    deliverables: [{ name: notes.md, path: notes.md, mediaType: text/markdown }]
`,
    );
    const { plan, steps } = await cli.json<Shown>("run", file);
    const [artifact] = steps["notes"]?.artifacts ?? [];
    const id = artifact?.id ?? "";
    const [list, content, path, logs, step] = await Promise.all([
      cli.must("artifact", "ls", plan.id),
      cli.must("artifact", "cat", id),
      cli.must("artifact", "path", id),
      cli.must("step", "logs", plan.id, "notes"),
      cli.must("step", "show", plan.id, "notes"),
    ]);
    expect(list.stdout).toContain(`${id}  notes (1)  notes.md`);
    expect(content.stdout).toBe("# Notes\n");
    expect(readFileSync(path.stdout.trim(), "utf8")).toBe("# Notes\n");
    expect(logs.stdout.split("\n").toSorted()).toEqual(["", "one", "two"]);
    expect(step.stdout).toMatch(/✓ notes\n {2}status +succeeded/);
  });
});
