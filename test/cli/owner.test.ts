import { describe, expect, test } from "vitest";
import { Cli, words, type Shown } from "./cli.ts";

/** A step that waits until the test has seen what it wants to see, and a step after it. */
const HELD = `plan: Held
policy: { approval: none, verification: none }
steps:
  hold:
    do: command
    with: { run: "echo begun; while [ ! -e go ]; do sleep 0.05; done; echo done" }
    effect: repeatable
  after: { do: tool, owner: std.echo, needs: [hold] }
`;

describe("beside the process that owns a store", () => {
  test("only reading works; whoever wants to write is told who owns it", async () => {
    await using cli = new Cli();
    const running = cli.start("run", cli.write("held.yaml", HELD));
    const [, planId = ""] = await running.says(/(pln_\S+) Held/);
    await running.says("hold started");
    const [second, approve, list, shown, why, looked] = await Promise.all([
      cli.run("run", "held.yaml"),
      cli.run("plan", "pause", planId),
      cli.must("plan", "ls"),
      cli.json<Shown>("plan", "show", planId),
      cli.must("plan", "explain", planId),
      cli.must("doctor"),
    ]);
    for (const refused of [second, approve]) {
      expect(refused.code).toBe(7);
      expect(refused.stderr).toMatch(/belongs to process \d+ on \S+ \(planwright run, since /);
    }
    expect(list.stdout).toContain("executing");
    expect(shown.steps["hold"]).toMatchObject({ status: "running", attempts: 1 });
    expect(why.stderr).toMatch(/carried out by process \d+ \(planwright run\)/);
    expect(looked.stdout).toContain("all is well");
    cli.write("go", "");
    expect(await running.ended).toMatchObject({ code: 0 });
    const { data } = await cli.json<{ data: unknown[] }>("plan", "ls");
    expect(data).toHaveLength(1);
  });

  test("a plan is watched and waited for, and its logs and events are followed", async () => {
    await using cli = new Cli();
    const running = cli.start("run", cli.write("held.yaml", HELD), "--quiet", "--jsonl");
    const [, planId = ""] = await running.says(/"planId":"(pln_[^"]+)"/);
    await running.says("attempt.started");
    const watching = cli.start("plan", "watch", planId);
    const waiting = cli.start("plan", "wait", planId, "--json");
    const events = cli.start("plan", "events", planId, "--follow", "--jsonl");
    const logs = cli.start("step", "logs", planId, "hold", "--follow");
    await watching.says("carried out by process");
    await logs.says("begun");
    await events.says("attempt.started");
    cli.write("go", "");
    const ran = await running.ended;
    expect(await watching.ended).toMatchObject({ code: 0, stdout: `${planId} completed\n` });
    expect(JSON.parse((await waiting.ended).stdout)).toMatchObject({
      plan: { status: "completed" },
    });
    expect((await events.ended).stdout).toBe(ran.stdout);
    expect((await logs.ended).stdout).toBe("begun\ndone\n");
  });

  test("what a run asks is answered once it has ended, by the command that it names", async () => {
    await using cli = new Cli();
    const file = cli.write(
      "held.yaml",
      `${HELD}  agree: { do: human, request: { kind: approval, title: "Agree?" } }\n`,
    );
    const running = cli.start("run", file);
    const named = await running.says(
      /Asked: Agree\?\n {2}to be answered once this process has ended; .*:\n {4}(planwright request approve req_\S+ --watch)\n {4}planwright request reject req_/,
    );
    const answer = words(named[1] ?? "");
    await running.says("hold started");
    const early = await cli.run(...answer);
    expect(early).toMatchObject({ code: 7, stderr: expect.stringContaining("(planwright run, ") });
    cli.write("go", "");
    const ran = await running.ended;
    expect(ran.code).toBe(5);
    expect(ran.stderr).toMatch(
      /^ {2}planwright request reject .*\nto be done once this process has ended; .*its store\n$/m,
    );
    const answered = await cli.run(...answer);
    expect(answered).toMatchObject({ code: 0, stdout: expect.stringContaining("completed") });
    expect(answered.stderr).not.toContain("to be answered");
  });

  test("whoever watches goes on alone when the owner dies", async () => {
    await using cli = new Cli();
    const running = cli.start("run", cli.write("held.yaml", HELD));
    const [, planId = ""] = await running.says(/(pln_\S+) Held/);
    await running.says("hold started");
    const watching = cli.start("plan", "watch", planId);
    await watching.says("carried out by process");
    running.kill("SIGKILL");
    await watching.says("hold started, attempt 2");
    cli.write("go", "");
    expect(await watching.ended).toMatchObject({ code: 0, stdout: `${planId} completed\n` });
    const looked = await cli.must("doctor");
    expect(looked.stdout).toContain("every invariant holds");
  });
});

describe("a run that is interrupted", () => {
  test("lets what runs end after one SIGINT, and says how to go on", async () => {
    await using cli = new Cli();
    const running = cli.start("run", cli.write("held.yaml", HELD));
    await running.says("hold started");
    running.kill("SIGINT");
    await running.says("what runs may end");
    cli.write("go", "");
    const ran = await running.ended;
    expect(ran.code).toBe(130);
    expect(ran.stderr).toContain("hold succeeded");
    expect(ran.stderr).not.toContain("after started");
    const next = /go on with: (planwright plan watch .*)/.exec(ran.stderr)?.[1] ?? "";
    expect(await cli.run(...words(next))).toMatchObject({ code: 0 });
  });

  test("cuts short what runs after the second, and nothing of it stays alive", async () => {
    await using cli = new Cli();
    const running = cli.start("run", cli.write("held.yaml", HELD));
    const [, planId = ""] = await running.says(/(pln_\S+) Held/);
    await running.says("hold started");
    running.kill("SIGINT");
    await running.says("what runs may end");
    running.kill("SIGINT");
    expect((await running.ended).code).toBe(130);
    const shown = await cli.json<Shown>("plan", "show", planId);
    expect(shown.plan.status).toBe("executing");
    expect(shown.steps["hold"]).toMatchObject({ status: "ready", attempts: 1 });
  });

  test("lets what runs end after SIGTERM, too", async () => {
    await using cli = new Cli();
    const running = cli.start("run", cli.write("held.yaml", HELD));
    await running.says("hold started");
    running.kill("SIGTERM");
    await running.says("what runs may end");
    cli.write("go", "");
    expect(await running.ended).toMatchObject({ code: 143 });
  });

  test("asks a person whether an effect happened that must not happen twice", async () => {
    await using cli = new Cli();
    const file = cli.write("once.yaml", HELD.replace("effect: repeatable", "effect: once"));
    const running = cli.start("run", file);
    const [, planId = ""] = await running.says(/(pln_\S+) Held/);
    await running.says("hold started");
    running.kill("SIGKILL");
    await running.ended;
    const left = await cli.must("doctor");
    expect(left.stdout).toMatch(/note +workers: pln_\S+ hold \(attempt 1\) was left by its worker/);
    const watched = await cli.run("plan", "watch", planId);
    expect(watched.code).toBe(5);
    expect(watched.stderr).toContain('hold: Did "hold" take effect?');
    const looked = await cli.must("doctor");
    expect(looked.stdout).toMatch(
      /note +requests: pln_\S+ hold waits for a person \(ambiguous-effect\)/,
    );
    const answer = /^ {2}(planwright request answer req_\S+ succeeded --watch)$/m.exec(
      watched.stderr,
    );
    const answered = await cli.run(...words(answer?.[1] ?? ""), "--as", "ada");
    expect(answered).toMatchObject({ code: 0, stdout: `${planId} completed\n` });
    const { stdout } = await cli.must("plan", "events", planId);
    expect(stdout).toContain("hold succeeded by hand: ada says that it happened");
  });
});

describe("a worker", () => {
  test("carries out what is there until it is told to stop", async () => {
    await using cli = new Cli();
    const file = cli.write("held.yaml", HELD);
    await cli.must("plan", "submit", file, "--start");
    const working = cli.start("worker", "--name", "one");
    await working.says("hold started");
    working.kill("SIGTERM");
    await working.says("what runs may end");
    cli.write("go", "");
    expect(await working.ended).toMatchObject({ code: 0, stdout: "" });
    const idle = await cli.must("worker", "--until-idle");
    expect(idle.stderr).toContain("Completed");
  });

  test("waits for timers and backoffs that are near, and for no others", async () => {
    await using cli = new Cli();
    const wait = (time: string) =>
      `plan: Wait\npolicy: { approval: none }\nsteps: { nap: { do: wait, wait: { for: ${time} } } }\n`;
    await cli.must("plan", "submit", cli.write("near.yaml", wait("1s")), "--start");
    await cli.must("plan", "submit", cli.write("far.yaml", wait("1h")), "--start");
    await cli.must("worker", "--until-idle", "--max-wait", "20s", "--quiet");
    const { data } = await cli.json<{ data: { status: string }[] }>("plan", "ls");
    expect(data.map(({ status }) => status)).toEqual(["executing", "completed"]);
  });
});
