import { describe, expect, test } from "vitest";
import { Cli, words, type Shown } from "./cli.ts";

const ECHO = "do: tool, owner: std.echo";

describe("a plan that needs approval", () => {
  test("is not started by a run that nobody answers; the command that it names does", async () => {
    await using cli = new Cli();
    const file = cli.write("plan.yaml", `plan: Hello\nsteps: { a: { ${ECHO}, with: { x: 1 } } }\n`);
    const ran = await cli.run("run", file, "--store", "plans/p.db");
    expect(ran.code).toBe(5);
    expect(ran.stdout).toMatch(/^pln_\S+ pending-approval\n$/);
    const next = /^ {2}(planwright plan approve pln_.*)$/m.exec(ran.stderr)?.[1] ?? "";
    expect(next).toMatch(/--store plans\/p\.db$/);
    const again = await cli.run(...words(next));
    expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining("completed") });
  });

  test("is approved in the name of who runs it", async () => {
    await using cli = new Cli();
    const file = cli.write("plan.yaml", `plan: Hello\nsteps: { a: { ${ECHO} } }\n`);
    const { plan } = await cli.json<Shown>("run", file, "--approve", "--as", "ada");
    const { stdout } = await cli.must("plan", "events", plan.id, "--jsonl");
    const approved = stdout.split("\n").find((line) => line.includes('"plan.approved"')) ?? "{}";
    expect(JSON.parse(approved)).toMatchObject({
      actor: { kind: "person", id: "ada", verified: false },
      data: { digest: plan.digest, by: "person" },
    });
  });

  test("goes from draft to approval to start in steps of its own", async () => {
    await using cli = new Cli();
    const file = cli.write("plan.yaml", `plan: Hello\nsteps: { a: { ${ECHO} } }\n`);
    const made = await cli.must("plan", "new", file);
    const planId = made.stdout.split(" ")[0] ?? "";
    expect(made.stdout).toBe(`${planId} draft\n`);
    expect(made.stderr).toContain(`go on with: planwright plan submit ${planId}`);
    await cli.must("plan", "submit", planId);
    const stale = await cli.run("plan", "approve", planId, "--digest", "0".repeat(64));
    expect(stale).toMatchObject({
      code: 8,
      stderr: expect.stringContaining("not the one that was looked at"),
    });
    const early = await cli.run("plan", "start", planId);
    expect(early).toMatchObject({
      code: 8,
      stderr: expect.stringContaining("approve, reject, cancel"),
    });
    const approved = await cli.must("plan", "approve", planId);
    expect(approved.stdout).toBe(`${planId} approved\n`);
    const started = await cli.must("plan", "start", planId, "--watch");
    expect(started.stdout).toBe(`${planId} completed\n`);
    const over = await cli.run("plan", "cancel", planId);
    expect(over).toMatchObject({
      code: 8,
      stderr: expect.stringContaining("it never moves again"),
    });
  });

  test("is submitted, approved and started in one breath, and carried out by a worker", async () => {
    await using cli = new Cli();
    const file = cli.write("plan.yaml", `plan: Hello\nsteps: { a: { ${ECHO} } }\n`);
    const { plan } = await cli.json<Shown>(
      "plan",
      "submit",
      file,
      "--approve",
      "--start",
      "--key",
      "k1",
    );
    expect(plan.status).toBe("executing");
    const same = await cli.json<Shown>(
      "plan",
      "submit",
      file,
      "--approve",
      "--start",
      "--key",
      "k1",
    );
    expect(same.plan.id).toBe(plan.id);
    const worked = await cli.must("worker", "--until-idle", "--max-wait", "0s");
    expect(worked.stdout).toBe("");
    expect(worked.stderr).toContain("Completed");
    expect((await cli.json<Shown>("plan", "show", plan.id)).plan.status).toBe("completed");
  });

  test("is ended by a no, and says why", async () => {
    await using cli = new Cli();
    const file = cli.write("plan.yaml", `plan: Hello\nsteps: { a: { ${ECHO} } }\n`);
    const { stdout } = await cli.run("run", file);
    const planId = stdout.split(" ")[0] ?? "";
    const rejected = await cli.must(
      "plan",
      "reject",
      planId,
      "--reason",
      "not this week",
      "--as",
      "bob",
    );
    expect(rejected.stdout).toBe(`${planId} rejected\n`);
    const watched = await cli.run("plan", "watch", planId);
    expect(watched.code).toBe(1);
    const { stdout: events } = await cli.must("plan", "events", planId);
    expect(events).toContain("Rejected by bob: not this week");
  });
});

const QUESTIONS = `plan: Questions
policy: { approval: none, verification: none }
steps:
  colour:
    do: human
    request:
      kind: input
      title: Which colour?
      form: { type: object, required: [colour], properties: { colour: { type: string }, coats: { type: integer, default: 2 } } }
  where:
    do: human
    needs: [colour]
    request: { kind: choice, title: Where?, options: [{ value: inside }, { value: outside }] }
  paint:
    do: tool
    owner: std.echo
    needs: [where]
    approve: { title: "Paint it?" }
    with: { colour: "\${{ steps.colour.output.values }}", where: "\${{ steps.where.output.choice }}" }
answer: steps.paint.output
`;

describe("what is asked of people", () => {
  test("is answered by the commands that are named, one after the other", async () => {
    await using cli = new Cli();
    const asked = await cli.run("run", cli.write("plan.yaml", QUESTIONS));
    expect(asked.code).toBe(5);
    const id =
      /request answer (req_\S+) --value 'colour=…' --value 'coats=…' --watch/.exec(
        asked.stderr,
      )?.[1] ?? "";
    const misfit = await cli.run("request", "answer", id, "--value", "coats=many");
    expect(misfit).toMatchObject({ code: 2, stderr: expect.stringContaining("/coats") });
    const unknown = await cli.run("request", "answer", id, "--value", "color=red");
    expect(unknown).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/fields: .*colour/),
    });
    const second = await cli.run("request", "answer", id, "--value", "colour=red", "--watch");
    expect(second.code).toBe(5);
    expect(second.stderr).toMatch(/request answer req_\S+ outside --watch/);
    const where = /request answer (req_\S+) inside/.exec(second.stderr)?.[1] ?? "";
    const third = await cli.run(
      "request",
      "answer",
      where,
      "inside",
      "--comment",
      "rain",
      "--watch",
    );
    const paint = /request approve (req_\S+) --watch/.exec(third.stderr)?.[1] ?? "";
    const shown = await cli.must("request", "show", paint);
    expect(shown.stdout).toContain("tool std.echo with:");
    expect(shown.stdout).toContain('"colour": "red"');
    const fourth = await cli.run("request", "approve", paint, "--watch", "--json");
    expect(fourth.code).toBe(0);
    expect((JSON.parse(fourth.stdout) as Shown).plan.answer).toEqual({
      colour: { colour: "red", coats: 2 },
      where: "inside",
    });
    const twice = await cli.run("request", "approve", paint);
    expect(twice).toMatchObject({ code: 8, stderr: expect.stringContaining("settled once") });
  });

  test("is listed with who has waited longest first", async () => {
    await using cli = new Cli();
    await cli.run("run", cli.write("plan.yaml", QUESTIONS));
    const other = cli.write("other.yaml", `plan: Other\nsteps: { a: { ${ECHO} } }\n`);
    await cli.run("run", other);
    const { data } = await cli.json<{ data: { id: string; title: string }[]; nextCursor: null }>(
      "request",
      "ls",
    );
    expect(data.map(({ title }) => title)).toEqual(["Which colour?", 'Approve "Other"?']);
    const plans = await cli.json<{ data: { id: string; status: string }[] }>(
      "plan",
      "ls",
      "--status",
      "executing",
    );
    expect(plans.data).toMatchObject([{ status: "executing", condition: "waiting" }]);
    const explained = await cli.must("plan", "explain", plans.data[0]?.id ?? "");
    expect(explained.stdout).toContain('it waits for anybody to answer "Which colour?"');
    expect(explained.stdout).toMatch(/ {2}planwright request answer req_/);
    const text = await cli.must("request", "show", data[1]?.id ?? "");
    expect(text.stdout).toMatch(/text \([0-9a-f]{64}\):\n {4}plan: Other/);
    expect(text.stderr).toMatch(/planwright plan approve pln_/);
  });

  test("is answered inside a sub-plan, and the whole plan goes on", async () => {
    await using cli = new Cli();
    cli.write(
      "inner.yaml",
      QUESTIONS.replace(/ {2}where:[^]*/, "answer: steps.colour.output.values.colour\n"),
    );
    const file = cli.write(
      "plan.yaml",
      "plan: Outer\npolicy: { approval: none }\nsteps: { sub: { do: plan, plan: inner.yaml } }\nanswer: steps.sub.output.answer\n",
    );
    const asked = await cli.run("run", file);
    expect(asked.code).toBe(5);
    const id = /request answer (req_\S+)/.exec(asked.stderr)?.[1] ?? "";
    const answered = await cli.run("request", "answer", id, "--value", "colour=red", "--watch");
    expect(answered).toMatchObject({ code: 0, stdout: expect.stringMatching(/completed\nred\n$/) });
  });

  test("is answered by the commands of its kind; any other names them", async () => {
    await using cli = new Cli();
    const asked = await cli.run("run", cli.write("plan.yaml", QUESTIONS));
    const colour = /request answer (req_\S+) --value/.exec(asked.stderr)?.[1] ?? "";
    for (const way of ["approve", "reject"]) {
      const wrong = await cli.run("request", way, colour);
      expect(wrong.code).toBe(2);
      expect(wrong.stderr).toMatch(
        /^planwright: req_\S+ \(input\) asks for no yes or no: planwright request answer req_\S+ --value '[^\n]* --watch\n$/,
      );
    }
    const twice = ["--value", "colour=red", "--value", "colour=blue"];
    expect(await cli.run("request", "answer", colour, ...twice)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--value is given both "colour=red" and "colour=blue"'),
    });
    await cli.must("request", "answer", colour, "--value", "colour=red");
    const { data } = await cli.json<{ data: { id: string }[] }>("request", "ls");
    const where = data[0]?.id ?? "";
    const choice = await cli.run(
      "request",
      "approve",
      where,
      "--store",
      ".planwright/planwright.db",
    );
    expect(choice).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(
        /\(choice\) asks for no yes or no: \S+ request answer req_\S+ inside --watch --store \S+, or \S+ request answer req_\S+ outside /,
      ),
    });
    await cli.must("request", "answer", where, "outside");
    const gate = await cli.json<{ data: { id: string }[] }>("request", "ls");
    const paint = gate.data[0]?.id ?? "";
    for (const words of [[], ["yes"], ["--json-value", '{"approved":true}']]) {
      const wrong = await cli.run("request", "answer", paint, ...words);
      expect(wrong).toMatchObject({
        code: 2,
        stderr: expect.stringMatching(
          /\(approval\) asks for a yes or a no: \S+ request approve req_\S+ --watch, or \S+ request reject req_/,
        ),
      });
    }
    expect((await cli.run("request", "answer", where, "inside")).stderr).toContain("settled once");
    expect((await cli.run("request", "approve", where)).stderr).toContain("settled once");
  });

  test("ends its step with a no, whatever is to happen on a failure; what allows that goes on", async () => {
    await using cli = new Cli();
    const file = cli.write(
      "plan.yaml",
      `plan: No
policy: { approval: none, verification: none }
steps:
  agree:
    do: human
    request: { kind: approval, title: "Agree?", assignees: ["role:editor"] }
    onFailure: { fallback: other }
  other: { ${ECHO} }
`,
    );
    const warned = await cli.must("plan", "validate", file);
    expect(warned.stderr).toMatch(
      /^plan\.yaml:7:16: warning \/steps\/agree\/onFailure: a no fails the step .*\[unused-on-failure\]\n$/,
    );
    const reject = async (name: string) => {
      const asked = await cli.run("run", name);
      const id = /request reject (req_\S+)/.exec(asked.stderr)?.[1] ?? "";
      const ran = await cli.run("request", "reject", id, "--watch", "--json");
      return { code: ran.code, steps: (JSON.parse(ran.stdout) as Shown).steps };
    };
    const unused = await reject(file);
    expect(unused.code).toBe(1);
    expect(unused.steps["agree"]).toMatchObject({ status: "failed" });
    expect(unused.steps["other"]?.status).not.toBe("succeeded");
    const mended = cli.write(
      "mended.yaml",
      `plan: No
policy: { approval: none, verification: none }
steps:
  agree:
    do: human
    request: { kind: approval, title: "Agree?", assignees: ["role:editor"] }
    onFailure: continue
  other: { ${ECHO}, needs: { all: [agree], allow: [failed] }, when: 'steps.agree.status == "failed"' }
`,
    );
    expect((await cli.must("plan", "validate", mended)).stderr).toBe("");
    const used = await reject(mended);
    expect(used).toMatchObject({ code: 0, steps: { other: { status: "succeeded" } } });
  });

  test("fails closed when its time is over", async () => {
    await using cli = new Cli();
    const file = cli.write(
      "plan.yaml",
      `plan: Late
policy: { approval: none, verification: none }
steps:
  agree: { do: human, request: { kind: approval, title: "Well?", due: 200ms } }
`,
    );
    const ran = await cli.run("run", file);
    expect(ran).toMatchObject({ code: 1, stderr: expect.stringContaining("nobody answered") });
  });
});

describe("a plan under way", () => {
  const SLOW = `plan: Slow
policy: { approval: none, verification: none, retry: { attempts: 3, first: 1h, max: 1h } }
steps:
  again: { do: tool, owner: std.fail, with: { times: 1 } }
  other: { do: wait, wait: { signal: never } }
`;

  test("is paused, resumed, helped along and cancelled", async () => {
    await using cli = new Cli();
    const file = cli.write("plan.yaml", SLOW);
    const { plan } = await cli.json<Shown>("plan", "submit", file, "--start");
    await cli.must("worker", "--until-idle", "--max-wait", "0s", "--quiet");
    const why = await cli.must("step", "explain", plan.id, "again");
    expect(why.stdout).toMatch(
      /again: not before \S+: a backoff after asked-to-fail\n {2}planwright step retry/,
    );
    expect((await cli.must("plan", "pause", plan.id)).stdout).toBe(
      `${plan.id} executing (paused)\n`,
    );
    const paused = await cli.run("plan", "wait", plan.id);
    expect(paused).toMatchObject({
      code: 6,
      stderr: expect.stringContaining(`plan resume ${plan.id}`),
    });
    await cli.must("plan", "resume", plan.id);
    const retried = await cli.run("step", "retry", plan.id, "again", "--watch");
    expect(retried.code).toBe(6);
    expect(retried.stderr).toContain("again succeeded");
    await cli.must("step", "complete", plan.id, "other", "--output", "[1]", "--note", "by hand");
    const shown = await cli.json<Shown>("plan", "show", plan.id);
    expect(shown.plan.status).toBe("completed");
    expect(shown.steps["other"]?.output).toEqual([1]);
    const second = await cli.json<Shown>("plan", "submit", file, "--start");
    await cli.must("step", "skip", second.plan.id, "other", "--reason", "not today");
    const cancelled = await cli.must("plan", "cancel", second.plan.id, "--reason", "superseded");
    expect(cancelled.stdout).toBe(`${second.plan.id} cancelled\n`);
  });

  test("is finished by hand, and its sub-plan with it", async () => {
    await using cli = new Cli();
    cli.write("inner.yaml", SLOW);
    const file = cli.write(
      "plan.yaml",
      "plan: Outer\npolicy: { approval: none }\nsteps: { sub: { do: plan, plan: inner.yaml } }\n",
    );
    const { plan } = await cli.json<Shown>("plan", "submit", file, "--start");
    await cli.must("worker", "--until-idle", "--max-wait", "0s", "--quiet");
    const by = ["--result", "failure", "--summary", "done by hand"];
    const finished = await cli.must("plan", "finish", plan.id, ...by);
    expect(finished.stdout).toBe(`${plan.id} failed\n`);
    const { data } = await cli.json<{ data: { status: string; name: string }[] }>(
      "plan",
      "ls",
      "--all",
    );
    expect(data.map(({ name, status }) => `${name} ${status}`)).toEqual([
      "Slow cancelled",
      "Outer failed",
    ]);
  });
});
